//! What the interface's tests answer with: the real commands' own output over the sample, so that it can't drift
//! (`REFBOOK_BLESS=1 cargo test -p refbook-tests --test house` writes it anew).

use std::collections::BTreeMap;
use std::fs;

use chrono::{TimeZone, Utc};
use desk::record::CheckView;
use desk::sample::Sample;
use desk::search::ListQuery;
use desk::{Desk, DeskError, Month, Now, Passphrase, RecordKind};
use serde::Serialize;
use serde_json::{Value, json};

use crate::root;

const FILE: &str = "ui/src/desk/recorded.gen.json";

/// A command with its arguments, as the window sends them, and what it answered with.
#[derive(Default)]
struct Recorder(BTreeMap<String, Value>);

impl Recorder {
    fn take<T: Serialize>(&mut self, command: &str, arguments: &Value, answer: Result<T, DeskError>) {
        let answer = match answer {
            Ok(answer) => json!({ "ok": answer }),
            Err(error) => json!({ "error": error }),
        };
        self.0.insert(format!("{command} {arguments}"), answer);
    }
}

fn recorded() -> BTreeMap<String, Value> {
    let folder = tempfile::tempdir().expect("a folder");
    let passphrase = Passphrase::new("sample".to_owned()).expect("a passphrase");
    let desk = Desk::sample(&folder.path().join("Sample.refbook"), &passphrase, Sample::Small, |_| ()).expect("made");
    let now = Now {
        at: Utc.with_ymd_and_hms(2026, 1, 5, 9, 0, 0).single().expect("an instant"),
        today: "2026-01-05".parse().expect("a day"),
    };
    let december = Month::parse("2025-12").expect("a month");
    let mut recorder = Recorder::default();
    let none = json!({});
    recorder.take("months", &none, desk.months(now.today));
    let asked = json!({ "month": "2025-12", "query": { "text": "", "only": "", "sort": "", "from": 0 } });
    recorder.take("month", &asked, desk.month_view(december, &ListQuery::default(), now));
    recorder.take("undo_offered", &none, desk.undo_offered());
    for text in ["", "harbor"] {
        let query = ListQuery { text: text.to_owned(), ..ListQuery::default() };
        let asked = json!({ "query": { "text": text, "only": "", "sort": "", "from": 0 } });
        recorder.take("clients", &asked, desk.clients(&query, now));
    }
    for document in [SOUND, OWN_COMPANY] {
        let answer: Result<CheckView, DeskError> = desk.check(document.as_bytes(), now);
        recorder.take("check", &json!({ "document": document }), answer);
    }
    recorder.take("record_of", &json!({ "kind": "client", "id": "C01" }), desk.record_of(RecordKind::Client, "C01"));
    recorder.take("client_page", &json!({ "id": "C999" }), desk.client_page("C999", now));
    recorder.0
}

const SOUND: &str = r#"{"clients":[{"id":"new:client","name":"Quiet Waters Spa","domains":[],"customer_since":null}]}"#;
const OWN_COMPANY: &str = r#"{"clients":[{"id":"new:client","name":"Reyes Consulting","domains":[],"customer_since":null}],"referrals":[{"id":"new:referral","affiliate":"A02","client":"new:client","registered_on":"2026-01-05"}]}"#;

#[test]
fn the_interfaces_tests_answer_with_what_the_commands_do() {
    let file = root().join(FILE);
    let written = format!("{}\n", serde_json::to_string_pretty(&recorded()).expect("JSON"));
    if std::env::var_os("REFBOOK_BLESS").is_some() {
        fs::write(&file, &written).expect("written");
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == written, "{FILE} is stale: REFBOOK_BLESS=1 cargo test -p refbook-tests --test house");
}
