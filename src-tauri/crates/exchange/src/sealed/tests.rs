use serde_json::{Value, json};

use super::*;
use crate::sample;

fn sealed() -> Vec<Sealed> {
    let one = |inputs: Inputs| Sealed {
        engine: rules::ENGINE,
        number: format!("2025-01-{}-r2", inputs.affiliate.id),
        revision: 2,
        previous: (inputs.affiliate.id.as_str() == "A1").then(|| "ab".repeat(32)),
        closed_at: "2025-02-01T09:00:00Z".to_owned(),
        statement: inputs.statement(),
        inputs,
    };
    sample::inputs().into_iter().map(one).collect()
}

/// The first document, changed, in canonical form.
fn changed(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut document: Value = serde_json::from_slice(&write(&sealed()[0])).expect("JSON");
    change(&mut document);
    serde_json_canonicalizer::to_vec(&document).expect("canonical")
}

fn refused(bytes: &[u8]) -> String {
    read(bytes).expect_err("refused").to_string()
}

#[test]
fn what_was_sealed_reads_back_equal_and_draws_the_same_statement() {
    for sealed in sealed() {
        let bytes = write(&sealed);
        let back = read(&bytes).expect("it was just written");
        assert_eq!(back, sealed);
        assert_eq!(back.inputs.statement(), back.statement);
        assert_eq!(write(&back), bytes);
        assert_eq!(draw_again(&bytes), Some(sealed));
    }
}

#[test]
fn nothing_else_is_drawn_again() {
    let change_of = |pointer: &'static str, value: Value| {
        changed(|document| *document.pointer_mut(pointer).expect(pointer) = value)
    };
    for (pointer, value) in [
        ("/engine", json!(rules::ENGINE + 1)),
        ("/format", json!("refbook-statement/2")),
        ("/statement/payout", json!("0.01")),
        ("/statement/lines/0/commission", json!("0.01")),
        ("/statement/lines/0/steps", json!([])),
        ("/statement/year_to_date/payout", json!("0.01")),
        ("/inputs/invoices/0/lines/0/amount", json!("0.01")),
        ("/statement", json!(null)),
    ] {
        assert_eq!(draw_again(&change_of(pointer, value)), None, "{pointer}");
    }
    let mut spaced = write(&sealed()[0]);
    spaced.push(b' ');
    assert_eq!(draw_again(&spaced), None);
    assert_eq!(draw_again(b""), None);
}

#[test]
fn the_sample_has_something_of_everything() {
    let sealed = &sealed()[0];
    assert!(sealed.statement.lines.len() > 1 && !sealed.inputs.overdue_elsewhere.is_empty());
    assert!(!sealed.statement.releases.is_empty() && !sealed.statement.adjustments.is_empty());
}

#[test]
fn a_document_is_canonical_json() {
    for sealed in sealed() {
        let bytes = write(&sealed);
        let document: Value = serde_json::from_slice(&bytes).expect("JSON");
        assert_eq!(bytes, serde_json_canonicalizer::to_vec(&document).expect("canonical"));
    }
}

#[test]
fn an_unknown_member_is_named_however_deep_it_is() {
    let document = |path: &'static str| {
        changed(move |document| {
            let object = document.pointer_mut(path).expect(path).as_object_mut().expect("an object");
            object.insert("colour".to_owned(), json!("red"));
        })
    };
    for path in ["", "/inputs", "/statement", "/inputs/invoices/0", "/statement/lines/0/steps/0", "/inputs/programme"] {
        assert!(refused(&document(path)).contains("colour"), "{path}: {}", refused(&document(path)));
    }
    assert!(refused(&document("/inputs/invoices/0")).contains(".inputs.invoices[0].colour"));
}

#[test]
fn another_format_or_engine_is_named() {
    let other = |change: fn(&mut Value)| refused(&changed(change));
    assert!(other(|document| document["format"] = json!("refbook-statement/2")).contains("\"refbook-statement/2\""));
    assert!(other(|document| document["engine"] = json!(99)).contains("99"));
    // Also when it has members that are not known here.
    let newer = other(|document| *document = json!({"format": "refbook-statement/2", "engine": 1, "pages": []}));
    assert!(newer.contains("\"refbook-statement/2\""), "{newer}");
}

#[test]
fn a_document_that_is_not_canonical_or_whole_is_refused() {
    let bytes = write(&sealed()[0]);
    let spaced = serde_json::to_vec_pretty(&serde_json::from_slice::<Value>(&bytes).expect("JSON")).expect("JSON");
    assert!(refused(&spaced).contains("canonical"));
    assert!(read(&bytes[..bytes.len() - 1]).is_err());
    assert!(read(b"").is_err());
    let orphan = changed(|document| document["inputs"]["referrals"] = json!([]));
    assert!(refused(&orphan).contains("has no referral"));
    let stray = changed(|document| document["inputs"]["payments"][0]["invoice"] = json!("I9"));
    assert!(refused(&stray).contains(".inputs.payments[0]"), "{}", refused(&stray));
}
