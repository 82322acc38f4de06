window.__TAURI__.core.invoke("show");
