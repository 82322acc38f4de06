//! What crosses between the window and Rust: types written from Rust's (`REFBOOK_BLESS=1 cargo test --test house` writes
//! them anew), and one list of commands wherever they stand.

use std::collections::BTreeSet;
use std::fs;

use desk::account::*;
use desk::affiliates::*;
use desk::backups::*;
use desk::bank::*;
use desk::begin::*;
use desk::biller::*;
use desk::billing::*;
use desk::bridge::*;
use desk::clients::*;
use desk::cockpit::*;
use desk::contracts::*;
use desk::doubts::*;
use desk::forecast::*;
use desk::invoices::*;
use desk::overview::*;
use desk::own::*;
use desk::quotes::*;
use desk::reconcile::*;
use desk::record::*;
use desk::referrals::*;
use desk::search::*;
use desk::terms::*;
use desk::views::*;
use desk::ways::*;
use desk::{Code, DeskError};
use ts_rs::{Config, TS};

use crate::root;

const FILE: &str = "ui/src/desk/types.gen.ts";

#[expect(clippy::too_many_lines, reason = "a list of what crosses")]
fn written() -> String {
    let config = Config::default();
    let types = [
        Amount::decl(&config),
        MonthName::decl(&config),
        BookView::decl(&config),
        Start::decl(&config),
        DoorView::decl(&config),
        Locked::decl(&config),
        MonthsView::decl(&config),
        Sums::decl(&config),
        StatementRow::decl(&config),
        MonthView::decl(&config),
        ClosableView::decl(&config),
        ClosingSoFar::decl(&config),
        SealView::decl(&config),
        LineView::decl(&config),
        ClientLines::decl(&config),
        ReleaseView::decl(&config),
        AdjustmentView::decl(&config),
        YearView::decl(&config),
        StatementPage::decl(&config),
        OutcomeView::decl(&config),
        StepView::decl(&config),
        WhyView::decl(&config),
        TallyView::decl(&config),
        ImportView::decl(&config),
        PreviewView::decl(&config),
        PrintedSoFar::decl(&config),
        SavedView::decl(&config),
        VerifiedView::decl(&config),
        WayView::decl(&config),
        IssuedView::decl(&config),
        NewKeyAsks::decl(&config),
        FoundView::decl(&config),
        ListQuery::decl(&config),
        Overview::decl(&config),
        ReleaseRow::decl(&config),
        BillView::decl(&config),
        MonthBar::decl(&config),
        Attention::decl(&config),
        BackupsView::decl(&config),
        BackupRow::decl(&config),
        RestorePreview::decl(&config),
        BridgeView::decl(&config),
        BridgePart::decl(&config),
        BridgeClient::decl(&config),
        WhatIfs::decl(&config),
        QuoteView::decl(&config),
        QuoteAnswer::decl(&config),
        OfferedView::decl(&config),
        NothingView::decl(&config),
        CeilingView::decl(&config),
        PassedOnView::decl(&config),
        MonthAhead::decl(&config),
        AccountView::decl(&config),
        AccountRow::decl(&config),
        CreditView::decl(&config),
        OwedView::decl(&config),
        BankView::decl(&config),
        BankMapping::decl(&config),
        BankColumn::decl(&config),
        BankReceipt::decl(&config),
        ReconcileView::decl(&config),
        ReconcileRow::decl(&config),
        PaidColumn::decl(&config),
        TypedPaid::decl(&config),
        BillingAsked::decl(&config),
        BillingView::decl(&config),
        BillRow::decl(&config),
        SkippedRow::decl(&config),
        ClientPays::decl(&config),
        PriceView::decl(&config),
        OwnBillView::decl(&config),
        OwnEntryView::decl(&config),
        OwnEffect::decl(&config),
        OwnEffectRow::decl(&config),
        CockpitView::decl(&config),
        CockpitRow::decl(&config),
        CockpitSums::decl(&config),
        RemitView::decl(&config),
        BillerView::decl(&config),
        Letterhead::decl(&config),
        ForecastAsked::decl(&config),
        ForecastView::decl(&config),
        ForecastWhatIf::decl(&config),
        WhatIfView::decl(&config),
        ComparedView::decl(&config),
        QuotesView::decl(&config),
        QuoteRow::decl(&config),
        QuotePage::decl(&config),
        QuoteVersion::decl(&config),
        AcceptanceView::decl(&config),
        KnownClient::decl(&config),
        ReferralsView::decl(&config),
        ReferralRow::decl(&config),
        ContractCard::decl(&config),
        ContractEvent::decl(&config),
        ChangeEffect::decl(&config),
        EffectRow::decl(&config),
        InvoicesView::decl(&config),
        InvoiceRow::decl(&config),
        AgeView::decl(&config),
        InvoicePage::decl(&config),
        ChargeView::decl(&config),
        FactView::decl(&config),
        TypedReceipt::decl(&config),
        MatchedReceipt::decl(&config),
        CandidateView::decl(&config),
        MatchedPart::decl(&config),
        ClientsView::decl(&config),
        ClientRow::decl(&config),
        ClientPage::decl(&config),
        NoteView::decl(&config),
        AffiliatesView::decl(&config),
        AffiliateRow::decl(&config),
        AffiliatePage::decl(&config),
        PayoutView::decl(&config),
        TermsPage::decl(&config),
        VersionView::decl(&config),
        ChoiceView::decl(&config),
        RecordedView::decl(&config),
        Doubt::decl(&config),
        CheckView::decl(&config),
        NewBook::decl(&config),
        Code::decl(&config),
        DeskError::decl(&config),
    ];
    let mut text = "// Written from Rust by tests/house/types.rs. Not by hand.\n".to_owned();
    for declared in types {
        text.push_str(&format!("\nexport {declared}\n"));
    }
    text
}

#[test]
fn the_windows_types_are_those_of_rust() {
    let (file, written) = (root().join(FILE), written());
    if std::env::var_os("REFBOOK_BLESS").is_some() {
        fs::write(&file, &written).expect("written");
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == written, "{FILE} is stale: REFBOOK_BLESS=1 cargo test -p refbook-tests --test house");
}

/// The words that follow `before` and end at the first character that is in no name.
fn names_after(text: &str, before: &str) -> BTreeSet<String> {
    let rest = text.split(before).skip(1);
    let name =
        |rest: &str| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect::<String>();
    rest.map(name).map(|name| name.replace('-', "_")).collect()
}

#[test]
fn the_commands_are_the_same_wherever_they_stand() {
    let read = |path: &str| fs::read_to_string(root().join(path)).expect(path);
    let commands = names_after(&read("src-tauri/src/main.rs"), "commands::");
    assert!(commands.len() > 10);
    let lists = [
        (
            "commands.rs",
            names_after(&read("src-tauri/src/commands.rs").replace("async ", ""), "#[tauri::command]\npub fn "),
        ),
        (
            "build.rs",
            names_after(&read("src-tauri/build.rs"), "    \"").into_iter().filter(|n| !n.is_empty()).collect(),
        ),
        ("the capabilities", names_after(&read("src-tauri/capabilities/window.json"), "\"allow-")),
        (
            "commands.ts",
            names_after(&read("ui/src/desk/commands.ts").replace("invoke<", "<").replace("exactly<", "<"), ">(\""),
        ),
    ];
    for (place, list) in lists {
        assert_eq!(list, commands, "{place}");
    }
}

#[test]
fn a_name_is_found_up_to_its_end() {
    assert_eq!(names_after("x::open_book, x::why]", "x::"), BTreeSet::from(["open_book".to_owned(), "why".to_owned()]));
    assert_eq!(names_after("\"allow-open-book\"", "\"allow-"), BTreeSet::from(["open_book".to_owned()]));
}
