// The first field of a form that was asked for: `<input {@attach focus}>`.
export const focus = (node: HTMLElement) => node.focus();
