//! A small book: a dozen affiliates, forty-odd clients, 2024 and 2025, and every rule of the programme at least once.
//!
//! Where to find them (affiliate, contract, month of the bill); `tests.rs` holds what each comes to:
//!
//! | rule | where |
//! |---|---|
//! | paid on the last day counts | A01 K09 2025-01 |
//! | a part payment earns nothing until the last one | A01 K06 2024-11, and open again 2025-12 |
//! | a late payment moves to the month it arrives | A02 K18 2025-03; every month for K16, whose bills are due late |
//! | an overdue bill holds the others; what was paid stays paid | A01 K05 2025-02 to 2025-04, and from 2025-10 on |
//! | arrears cleared release what was held | A01 K05 in 2025-05, A02 K13 in 2025-11 |
//! | an overdue consulting bill without a contract holds | A02 K13 in 2025-10, K17 from 2025-11 on |
//! | due on the cutoff is not yet overdue | A01 K45 2025-05, with K10 paid beside it |
//! | a credit note and a refund take back their share | A01 K11 2025-11, in 2025-12 |
//! | an overpayment returned changes nothing | A02 K15 2024-08 |
//! | a chargeback is carried as debt, and paid again | A09 K39 2025-02: back in 2025-03, paid in 2025-05 |
//! | tax does not earn but must be paid; tax credited | A01 K07 2024-09; 2025-03 |
//! | setup, consulting and other charges earn nothing | first bills of K04, K07; K19's own setup bill; K07 2025-08; K01 2024-06 |
//! | an upgrade after the term keeps the original | A01 K01 from 2025-02 on, A02 K12 for a year |
//! | a downgrade after the term earns the smaller | A01 K02 from 2025-03 on |
//! | down, then up returns to the original | A01 K03 in 2025-02 and 2025-05 |
//! | a change within the term follows the contract | A01 K04 from 2024-09 on |
//! | and sets the original for what comes after the term | A04 K30: 560.00 from 2025-03 on |
//! | under new terms the original holds from the first day | A11 K42 from 2025-10 on |
//! | new terms bind new contracts only | A02 K14, changed in 2025-09 under its old terms |
//! | a lower maximum binds new contracts only | A11 K49, signed in 2025-11 at 8% |
//! | a period that starts on the term's last day is within it | A03 K26 2025-06 |
//! | a term from the 31st ends on a shorter month's last day | A03 K25 |
//! | month to month: the original holds from the start | A02 K20 |
//! | a part month is prorated | first bills of K04, K20, K25, K26, K47; after the term: K23 2025-04 |
//! | nothing after the contract ended | A03 K23, a bill for 2025-05 |
//! | a client who left is referred anew by another affiliate | C24: A03 K24, then A07 K47 |
//! | a lower agreed rate | A04 K29 and K31, 7.5% |
//! | quarterly bills, annual prepayments | A01 K08, A04 K31; A02 K12 |
//! | the affiliate bills, and remits in full | A05 |
//! | a late remittance holds | A05 K33 2025-06, until 2025-08 |
//! | the affiliate bills, net of its commission: retained | A06 K34, K36 |
//! | a credit under a net agreement counts under retained | A06 K36 2025-11, in 2025-12 |
//! | the client pays the affiliate's own price, and gets money back from it | A06 K36 from 2025-10, 2025-11 |
//! | the affiliate writes a rest off | A06 K34 2025-05 |
//! | what the company bills is payable under any agreement | A06 K35 |
//! | a minimum payout carries forward | A08, every third month; from 2025-07 on at 50.00 |
//! | adjustments of both signs | A01, A02, A03, A04, A12 |
//! | a quote in each state but accepted | Q01 to Q04 |
//! | months without activity | A10 from 2024-09 to 2025-02; A12 |
//! | half a cent rounds away from zero | A03 K22, 10% of 29.95 |
//! | a customer of its own accord cannot be referred | C44; C27 became one after its referral |
//!
//! The newest statements, 2025-12: A01 has lines that are payable, held for both reasons and reversed, and an
//! adjustment; A02 payable and held; A06 payable, retained, reversed and held; A03 is longer than a page.

use rules::affiliate::{Adjustment, Affiliate, AgreedRemittance};
use rules::client::Client;
use rules::contract::BilledBy;
use rules::id::Id;
use rules::invoice::Kind::{Consulting, Hosting, ManagedService as Managed, Other, Setup};
use rules::invoice::{Kind, Line};
use rules::quote::{Quote, Stage};
use rules::records::Records;
use rules::referral::Referral;
use rules::terms::{InTermChanges, TermsVersion};

use super::billing::Event::{
    Charged, Credited, Due, GivenBack, NotPaid, NotRemitted, Paid, PaidPart, Refunded, Remitted, WrittenOff,
};
use super::billing::{Deal, OneOff, Story, bill, deal};
use super::{day, money, month, programme, rate};

/// Nothing happens later; only due days are.
const LAST_DAY: &str = "2025-12-31";

/// The small book.
pub fn small() -> Records {
    let mut records = Records {
        programme: Some(programme()),
        terms: terms(),
        affiliates: AFFILIATES.iter().map(affiliate).collect(),
        clients: CLIENTS.iter().map(client).collect(),
        referrals: REFERRALS.iter().map(referral).collect(),
        contracts: DEALS.iter().map(Deal::contract).collect(),
        adjustments: ADJUSTMENTS.iter().map(adjustment).collect(),
        quotes: QUOTES.iter().map(Offer::quote).collect(),
        own_prices: DEALS.iter().filter_map(Deal::own_price).collect(),
        ..Records::default()
    };
    bill(&mut records, DEALS, ONE_OFFS, STORIES, day(LAST_DAY));
    records
}

fn terms() -> Vec<TermsVersion> {
    let unchanged = |effective_on| TermsVersion {
        effective_on: day(effective_on),
        standard_rate: None,
        maximum_rate: None,
        in_term_changes: None,
        minimum_payout: None,
    };
    vec![
        TermsVersion {
            in_term_changes: Some(InTermChanges::HoldOriginal),
            minimum_payout: Some(money("50.00")),
            ..unchanged("2025-07-01")
        },
        TermsVersion { standard_rate: Some(rate("0.08")), maximum_rate: Some(rate("0.08")), ..unchanged("2025-11-01") },
    ]
}

/// Id, name, own companies, domains, the day of the agreement, and what it says.
type AffiliateRow = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    Option<&'static str>,
    AgreedRemittance,
);

use AgreedRemittance::{InFull, NetOfCommission as Net};

#[rustfmt::skip]
static AFFILIATES: &[AffiliateRow] = &[
    ("A01", "Meridian Tech Advisors", &["Meridian Tech Advisors LLC", "Meridian Holdings Inc"], &["meridian-advisors.example"], None, InFull),
    ("A02", "Dana Reyes", &["Reyes Consulting LLC"], &["reyes.example"], None, InFull),
    ("A03", "Κωνσταντίνος Παπαδάκης", &["Παπαδάκης Συμβουλευτική ΕΠΕ"], &["papadakis.example"], None, InFull),
    ("A04", "Ирина Соколова", &[], &["sokolova.example"], None, InFull),
    ("A05", "Bluefin IT Partners", &["Bluefin IT Partners Ltd"], &["bluefin-it.example"], Some("2024-01-15"), InFull),
    ("A06", "Hargrove & Lund", &["Hargrove & Lund, L.L.C."], &["hargrove-lund.example"], Some("2024-03-01"), Net),
    ("A07", "Zoë Björklund-Álvarez", &["Björklund Digital AB"], &["bjorklund.example"], None, InFull),
    ("A08", "Parkside Accounting", &["Parkside Accounting Corp"], &["parkside-accounting.example"], None, InFull),
    ("A09", "Tomasz Wójcik", &[], &[], None, InFull),
    ("A10", "Northgate Chamber of Commerce", &[], &["northgate-chamber.example"], None, InFull),
    ("A11", "Sébastien Lefèvre", &["Lefèvre Conseil SARL"], &["lefevre-conseil.example"], None, InFull),
    ("A12", "Priya Raman", &[], &["priyaraman.example"], None, InFull),
];

/// Id, name, domain, and since when a customer.
#[rustfmt::skip]
static CLIENTS: &[(&str, &str, &str, Option<&str>)] = &[
    ("C01", "Acme Widgets Inc", "acme-widgets.example", None),
    ("C02", "Bellwether Dental Group", "bellwether-dental.example", None),
    ("C03", "Cascade Outdoor Supply Co", "cascade-outdoor.example", None),
    ("C04", "Delgado & Sons Freight", "delgado-freight.example", None),
    ("C05", "Elm Street Pediatrics", "elmstreet-peds.example", None),
    ("C06", "Fjordland Sjømat AS", "fjordland-sjomat.example", None),
    ("C07", "Granite State Credit Union", "granitestate-cu.example", None),
    ("C08", "Harborview Legal LLP", "harborview-legal.example", None),
    ("C09", "Ιόνιο Ναυτιλιακή ΑΕ", "ionio-naftiliaki.example", None),
    ("C10", "Juniper Analytics GmbH", "juniper-analytics.example", None),
    ("C11", "Kestrel Aerospace Components", "kestrel-aero.example", None),
    ("C12", "Larkspur Hotels", "larkspur-hotels.example", None),
    ("C13", "Maple Leaf Logistics", "mapleleaf-logistics.example", None),
    ("C14", "Nordwind Energie GmbH", "nordwind-energie.example", None),
    ("C15", "O'Malley Construction", "omalley-construction.example", None),
    ("C16", "Pacific Rim Imports", "pacificrim-imports.example", None),
    ("C17", "Quillfeather Publishing", "quillfeather.example", None),
    ("C18", "Редакция «Северный ветер»", "severny-veter.example", None),
    // Sixty characters: what a column, a page and a search have to bear.
    ("C19", "Sunrise Senior Living of Greater Minneapolis and Saint Cloud", "sunrise-senior.example", None),
    ("C20", "Tessellate Studio", "tessellate.example", None),
    ("C21", "Αθηναϊκή Ζυθοποιία ΑΕ", "athinaiki-zythopoiia.example", None),
    ("C22", "Umbra Photography", "umbra-photo.example", None),
    ("C23", "Vantage Point Realty", "vantagepoint-realty.example", None),
    ("C24", "Willow Creek Brewing", "willowcreek-brewing.example", None),
    ("C25", "Xenon Lighting", "xenon-lighting.example", None),
    ("C26", "Yarrow Botanicals", "yarrow-botanicals.example", None),
    ("C27", "Zephyr Cycling Club", "zephyr-cycling.example", Some("2025-02-20")), // referred on 3 February
    ("C28", "Δημητρίου & Υιοί ΟΕ", "dimitriou-yioi.example", None),
    ("C29", "Балтика Логистик", "baltika-logistik.example", None),
    ("C30", "Alder & Finch Architects", "alder-finch.example", None),
    ("C31", "Brightwater School District", "brightwater-schools.example", None),
    ("C32", "Copper Kettle Cafés", "copperkettle-cafes.example", None),
    ("C33", "Dovetail Joinery Ltd", "dovetail-joinery.example", None),
    ("C34", "Eastgate Veterinary Clinic", "eastgate-vet.example", None),
    ("C35", "Foxglove Florists", "foxglove-florists.example", None),
    ("C36", "Gulf Coast Marine Supply", "gulfcoast-marine.example", None),
    ("C37", "Hōkū Surf School", "hoku-surf.example", None),
    ("C38", "Ivy & Oak Bookshop", "ivyandoak-books.example", None),
    ("C39", "Jasper Quarry Works", "jasper-quarry.example", None),
    ("C40", "Kiln & Clay Ceramics", "kiln-clay.example", None),
    ("C41", "Łódź Textiles", "lodz-textiles.example", None),
    ("C42", "Lumière Optique", "lumiere-optique.example", None),
    ("C43", "Mosaic Tile Works", "mosaic-tile.example", None),
    ("C44", "Old Mill Printing", "oldmill-printing.example", Some("2019-05-01")),
    ("C45", "Pelican Pharmacies", "pelican-pharmacies.example", None),
    ("C46", "Quarterdeck Chandlery", "quarterdeck-chandlery.example", None),
];

/// Id, affiliate, client, registered on.
#[rustfmt::skip]
static REFERRALS: &[(&str, &str, &str, &str)] = &[
    ("R01", "A01", "C01", "2023-11-08"),
    ("R02", "A01", "C02", "2023-11-21"),
    ("R03", "A01", "C03", "2023-12-12"),
    ("R04", "A01", "C04", "2024-01-16"),
    ("R05", "A01", "C05", "2024-02-20"),
    ("R06", "A01", "C06", "2024-03-19"),
    ("R07", "A01", "C07", "2024-04-09"),
    ("R08", "A01", "C08", "2024-05-28"),
    ("R09", "A01", "C09", "2024-08-13"),
    ("R10", "A01", "C10", "2024-09-24"),
    ("R11", "A01", "C11", "2024-11-19"),
    ("R12", "A02", "C12", "2023-11-14"),
    ("R13", "A02", "C13", "2023-12-05"),
    ("R14", "A02", "C14", "2024-04-23"),
    ("R15", "A02", "C15", "2024-02-27"),
    ("R16", "A02", "C16", "2024-05-14"),
    ("R17", "A02", "C17", "2024-07-09"),
    ("R18", "A02", "C18", "2024-09-03"),
    ("R19", "A02", "C19", "2024-10-29"),
    ("R20", "A02", "C20", "2024-12-10"),
    ("R21", "A03", "C21", "2023-11-28"),
    ("R22", "A03", "C22", "2024-01-04"),
    ("R23", "A03", "C23", "2024-01-30"),
    ("R24", "A03", "C24", "2023-12-07"),
    ("R25", "A03", "C25", "2024-07-30"),
    ("R26", "A03", "C26", "2024-05-07"),
    ("R27", "A03", "C27", "2025-02-03"),
    ("R28", "A03", "C28", "2024-11-12"),
    ("R29", "A04", "C29", "2024-02-06"),
    ("R30", "A04", "C30", "2024-01-23"),
    ("R31", "A04", "C31", "2024-05-21"),
    ("R32", "A05", "C32", "2024-01-30"),
    ("R33", "A05", "C33", "2024-06-25"),
    ("R34", "A06", "C34", "2024-02-13"),
    ("R35", "A06", "C35", "2024-08-20"),
    ("R36", "A06", "C36", "2024-12-03"),
    ("R37", "A07", "C37", "2024-08-27"),
    ("R38", "A08", "C38", "2023-11-30"),
    ("R39", "A09", "C39", "2024-06-18"),
    ("R40", "A10", "C40", "2024-01-30"),
    ("R41", "A10", "C41", "2025-01-28"),
    ("R42", "A11", "C42", "2025-06-17"),
    ("R43", "A12", "C43", "2025-10-06"), // no contract yet
    // C24 left in October 2024: it can be referred anew, by anyone.
    ("R44", "A07", "C24", "2025-01-20"),
    ("R45", "A03", "C45", "2025-02-04"),
    ("R46", "A11", "C46", "2025-10-21"),
];

#[rustfmt::skip]
static DEALS: &[Deal] = &[
    // Meridian Tech Advisors: a long statement every month.
    deal("K01", "R01", "2023-12-18", "2024-01-01", 12, &[
        (Hosting, "Dedicated server, 16 cores", "700.00"), (Managed, "Patching and monitoring, 24 x 7", "300.00"),
    ]).changed(&[
        // An upgrade after the term: 1,200.00 billed, 1,000.00 earns.
        ("2025-02-01", &[(Hosting, "Dedicated server, 16 cores", "700.00"), (Managed, "Patching and monitoring, 24 x 7", "300.00"),
            (Hosting, "Dedicated server, 8 cores", "200.00")]),
    ]),
    deal("K02", "R02", "2023-12-20", "2024-01-01", 12, &[
        (Hosting, "Virtual private servers, 4", "400.00"), (Managed, "Managed backups, 2 TB", "240.00"),
    ]).changed(&[
        // A downgrade after the term: the smaller amount earns.
        ("2025-03-01", &[(Hosting, "Virtual private servers, 3", "300.00"), (Managed, "Managed backups, 1.5 TB", "180.00")]),
    ]),
    deal("K03", "R03", "2024-01-10", "2024-02-01", 12, &[
        (Managed, "Managed web shop", "650.00"), (Hosting, "Content delivery, 5 TB", "250.00"),
    ]).changed(&[
        // Down to 700.00, then up to 1,200.00: back to the original 900.00.
        ("2025-02-01", &[(Managed, "Managed web shop", "500.00"), (Hosting, "Content delivery, 4 TB", "200.00")]),
        ("2025-05-01", &[(Managed, "Managed web shop, two regions", "850.00"), (Hosting, "Content delivery, 7 TB", "350.00")]),
    ]),
    // A part month first; then a change within the term, which counts at once under these terms.
    deal("K04", "R04", "2024-02-06", "2024-02-15", 36, &[(Hosting, "Colocation, half a rack", "550.00")]).changed(&[
        ("2024-09-01", &[(Hosting, "Colocation, half a rack", "550.00"), (Managed, "Managed firewall pair", "230.00")]),
    ]).with_setup("Racking and cabling", "450.00"),
    // A discount is a negative line: 350.00 earns.
    deal("K05", "R05", "2024-03-12", "2024-04-01", 24, &[
        (Managed, "Managed file server, encrypted", "380.00"), (Managed, "Two-year discount", "-30.00"),
    ]),
    deal("K06", "R06", "2024-04-18", "2024-05-01", 24, &[
        (Hosting, "Kubernetes cluster, 3 nodes", "900.00"), (Managed, "Cluster operations", "450.00"),
    ]),
    deal("K07", "R07", "2024-05-21", "2024-06-01", 36, &[
        (Managed, "Managed PostgreSQL, 2 nodes", "1450.00"), (Hosting, "Disaster recovery site", "980.00"),
        (Managed, "Log retention, 7 years", "310.50"),
    ]).with_setup("Migration from the old data centre", "2500.00").taxed("0.0825"),
    deal("K08", "R08", "2024-06-25", "2024-07-01", 24, &[
        (Managed, "Managed desktops, 40 seats", "520.00"), (Hosting, "Document archive", "180.00"),
    ]).every(3).due_after(29).pays_after(21),
    deal("K09", "R09", "2024-09-17", "2024-10-01", 12, &[(Hosting, "Fleet tracking servers", "610.00")]),
    deal("K10", "R10", "2024-10-22", "2024-11-01", 24, &[(Hosting, "GPU servers, 2", "1800.00")]),
    deal("K45", "R10", "2025-03-20", "2025-04-01", 12, &[(Managed, "Managed data warehouse", "760.00")]),
    deal("K11", "R11", "2025-01-14", "2025-02-01", 36, &[
        (Hosting, "Private cloud, 64 cores", "2200.00"), (Managed, "Security operations", "900.00"),
        (Hosting, "Volume discount", "-150.00"),
    ]).due_after(29).pays_after(18),

    // Dana Reyes: ten lines or so.
    // An annual prepayment; the second is after the term: 9,060.00 billed, 12 × 665.00 earns.
    deal("K12", "R12", "2023-12-11", "2024-01-01", 12, &[
        (Hosting, "Booking platform hosting", "480.00"), (Managed, "Managed failover", "220.00"),
        (Hosting, "Annual prepayment discount", "-35.00"),
    ]).changed(&[
        ("2025-01-01", &[(Hosting, "Booking platform hosting", "480.00"), (Managed, "Managed failover", "220.00"),
            (Hosting, "Image delivery", "90.00"), (Hosting, "Annual prepayment discount", "-35.00")]),
    ]).every(12).due_after(29).pays_after(20),
    deal("K13", "R13", "2024-01-22", "2024-02-01", 24, &[(Hosting, "Virtual servers, 6", "540.00")]),
    // Changed after the new terms began, but signed before them: the change counts at once.
    deal("K14", "R14", "2024-05-28", "2024-06-01", 36, &[(Managed, "Gateway monitoring, 40 sites", "1100.00")]).changed(&[
        ("2025-09-01", &[(Managed, "Gateway monitoring, 40 sites", "1100.00"), (Hosting, "Metering database", "400.00")]),
    ]),
    deal("K15", "R15", "2024-03-19", "2024-04-01", 12, &[(Managed, "Managed workstations, 25", "875.00")]),
    // Due after 45 days and paid after 39: a month late on every statement, and never overdue.
    deal("K16", "R16", "2024-06-11", "2024-07-01", 12, &[(Hosting, "ERP hosting", "1240.00")]).due_after(44).pays_after(38),
    deal("K17", "R17", "2024-08-06", "2024-09-01", 12, &[
        (Hosting, "Editorial system hosting", "330.00"), (Managed, "Managed search", "95.00"),
    ]),
    deal("K18", "R18", "2024-10-08", "2024-11-01", 24, &[(Hosting, "News portal hosting", "720.00")]),
    deal("K19", "R19", "2024-12-03", "2025-01-01", 36, &[(Managed, "Managed Wi-Fi, 12 sites", "1560.00")]),
    // Month to month: the signed 260.00 holds from the start, so that the upgrade earns no more.
    deal("K20", "R20", "2025-01-15", "2025-01-15", 0, &[(Hosting, "Render nodes, 2", "260.00")]).changed(&[
        ("2025-06-01", &[(Hosting, "Render nodes, 3", "390.00")]),
    ]),

    // Κωνσταντίνος Παπαδάκης.
    deal("K21", "R21", "2023-12-28", "2024-01-01", 24, &[(Hosting, "Web shop hosting", "415.00")]),
    deal("K46", "R21", "2025-05-13", "2025-06-01", 12, &[(Hosting, "Staging environment", "120.00")]),
    // Half a cent: 10% of 29.95 is 2.995, paid as 3.00.
    deal("K22", "R22", "2024-01-18", "2024-02-01", 12, &[(Hosting, "Gallery hosting, 500 GB", "29.95")]),
    // Ended on 10 April 2025, after the term: a part month of 10/30 last.
    deal("K23", "R23", "2024-02-20", "2024-03-01", 12, &[(Hosting, "Listings platform", "690.00")]).ended("2025-04-10"),
    // Left on 31 October 2024; see K47.
    deal("K24", "R24", "2024-01-09", "2024-02-01", 6, &[(Hosting, "Taproom web shop", "240.00")]).ended("2024-10-31"),
    // Six months from 31 August end on 27 February: February lacks a 31st.
    deal("K25", "R25", "2024-08-27", "2024-08-31", 6, &[(Managed, "Managed intranet", "365.00")]).changed(&[
        ("2025-03-01", &[(Managed, "Managed intranet, 2 languages", "425.00")]),
    ]),
    // The term ends on 1 June 2025: June starts within it, and 345.00 is the original from then on.
    deal("K26", "R26", "2024-05-30", "2024-06-02", 12, &[(Hosting, "Subscription shop", "275.00")]).changed(&[
        ("2025-06-01", &[(Hosting, "Subscription shop, more traffic", "345.00")]),
        ("2025-09-01", &[(Hosting, "Subscription shop, two countries", "400.00")]),
    ]),
    deal("K27", "R27", "2025-02-11", "2025-03-01", 12, &[(Hosting, "Race results hosting", "145.00")]),
    deal("K28", "R28", "2024-12-10", "2025-01-01", 24, &[(Managed, "Managed accounting server", "520.00")]),
    deal("K48", "R28", "2025-04-22", "2025-05-01", 12, &[(Managed, "Branch office VPN", "85.00")]),

    // Pelican Pharmacies, a contract for each: what makes the statement of Κωνσταντίνος Παπαδάκης longer than a page. The
    // last ten joined under the terms of July 2025.
    deal("K51", "R45", "2025-02-18", "2025-03-01", 24, &[(Managed, "Managed tills, Almond Street", "58.00")]),
    deal("K52", "R45", "2025-02-18", "2025-03-01", 24, &[(Managed, "Managed tills, Bayview", "42.00")]),
    deal("K53", "R45", "2025-02-18", "2025-03-01", 24, &[(Managed, "Managed tills, Castle Hill", "64.00")]),
    deal("K54", "R45", "2025-02-18", "2025-03-01", 24, &[(Managed, "Managed tills, Dockside", "38.00")]),
    deal("K55", "R45", "2025-02-18", "2025-03-01", 24, &[(Managed, "Managed tills, Eastfield", "45.50")]),
    deal("K56", "R45", "2025-02-18", "2025-03-01", 24, &[(Managed, "Managed tills, Ferry Road", "42.00")]),
    deal("K57", "R45", "2025-02-18", "2025-03-01", 24, &[(Managed, "Managed tills, Glenwood", "49.00")]),
    deal("K58", "R45", "2025-02-18", "2025-03-01", 24, &[(Managed, "Managed tills, Harbour Street", "72.00")]),
    deal("K59", "R45", "2025-02-18", "2025-03-01", 24, &[(Managed, "Managed tills, Iron Bridge", "38.00")]).ended("2025-10-31"),
    deal("K60", "R45", "2025-02-18", "2025-03-01", 24, &[(Managed, "Managed tills, Jubilee Square", "55.00")]),
    deal("K61", "R45", "2025-02-18", "2025-03-01", 24, &[(Managed, "Managed tills, Kingsway", "61.00")]),
    deal("K62", "R45", "2025-02-18", "2025-03-01", 24, &[(Managed, "Managed tills, Lower Green", "42.00")]),
    deal("K63", "R45", "2025-02-18", "2025-03-01", 24, &[(Managed, "Managed tills, Market Cross", "66.00")]),
    deal("K64", "R45", "2025-02-18", "2025-03-01", 24, &[(Managed, "Managed tills, Nettle Lane", "38.00")]),
    deal("K65", "R45", "2025-08-12", "2025-09-01", 24, &[(Managed, "Managed tills, Old Town", "47.50")]),
    deal("K66", "R45", "2025-08-12", "2025-09-01", 24, &[(Managed, "Managed tills, Park Row", "53.00")]),
    deal("K67", "R45", "2025-08-12", "2025-09-01", 24, &[(Managed, "Managed tills, Quayside", "42.00")]),
    deal("K68", "R45", "2025-08-12", "2025-09-01", 24, &[(Managed, "Managed tills, River Walk", "38.00")]),
    deal("K69", "R45", "2025-08-12", "2025-09-01", 24, &[(Managed, "Managed tills, Station Road", "69.00")]),
    deal("K70", "R45", "2025-08-12", "2025-09-01", 24, &[(Managed, "Managed tills, Tower Street", "51.00")]),
    deal("K71", "R45", "2025-08-12", "2025-09-01", 24, &[(Managed, "Managed tills, Upper Green", "44.00")]),
    deal("K72", "R45", "2025-08-12", "2025-09-01", 24, &[(Managed, "Managed tills, Victoria Place", "57.00")]),
    deal("K73", "R45", "2025-08-12", "2025-09-01", 24, &[(Managed, "Managed tills, Windmill Hill", "40.00")]),
    deal("K74", "R45", "2025-08-12", "2025-09-01", 24, &[(Managed, "Managed tills, Yew Tree Lane", "38.00")]),

    // Ирина Соколова: a lower rate was agreed for two of her clients.
    deal("K29", "R29", "2024-03-05", "2024-04-01", 24, &[(Hosting, "Warehouse system hosting", "1130.00")]).at("0.075"),
    // Up to 560.00 within the term: that is the original when the term is over, and 700.00 earns no more.
    deal("K30", "R30", "2024-02-13", "2024-03-01", 12, &[(Hosting, "Drawing archive, 8 TB", "460.00")]).changed(&[
        ("2024-10-01", &[(Hosting, "Drawing archive, 10 TB", "560.00")]),
        ("2025-06-01", &[(Hosting, "Drawing archive, 13 TB", "700.00")]),
    ]),
    deal("K31", "R31", "2024-06-18", "2024-07-01", 36, &[
        (Managed, "Managed classroom devices", "1320.00"), (Hosting, "Learning platform", "640.00"),
    ]).at("0.075").every(3).due_after(29).pays_after(23),

    // Bluefin IT Partners bills its clients, and remits in full.
    deal("K32", "R32", "2024-02-27", "2024-03-01", 24, &[(Managed, "Managed tills, 9 shops", "585.00")]).billed_by_affiliate(),
    deal("K33", "R33", "2024-07-23", "2024-08-01", 24, &[(Hosting, "Product configurator hosting", "330.00")]).billed_by_affiliate(),

    // Hargrove & Lund keeps its commission of what it bills; K35 is billed by the company.
    deal("K34", "R34", "2024-03-14", "2024-04-01", 24, &[(Managed, "Managed practice software", "425.00")]).billed_by_affiliate(),
    deal("K35", "R35", "2024-09-10", "2024-10-01", 12, &[(Hosting, "Order site hosting", "190.00")]),
    deal("K36", "R36", "2025-01-21", "2025-02-01", 24, &[(Hosting, "Parts catalogue hosting", "820.00")]).billed_by_affiliate()
        .at_own_price("2025-10-01", &[(Hosting, "Parts catalogue, hosted and looked after", "990.00")]),

    deal("K37", "R37", "2024-09-24", "2024-10-01", 12, &[
        (Hosting, "Booking site hosting", "175.00"), (Managed, "Managed e-mail, 12 boxes", "60.00"),
    ]),
    // The client of K24 again, brought back by Zoë Björklund-Álvarez.
    deal("K47", "R44", "2025-02-03", "2025-02-10", 12, &[(Hosting, "Web shop hosting", "310.00")]),

    // 9.90 a month: below the minimum payout twice out of three times, and later five times out of six.
    deal("K38", "R38", "2023-12-14", "2024-01-01", 24, &[
        (Hosting, "Business web hosting", "79.00"), (Managed, "Managed backups", "20.00"),
    ]),

    deal("K39", "R39", "2024-07-16", "2024-08-01", 36, &[(Hosting, "Weighbridge system hosting", "820.00")]),

    // Northgate Chamber of Commerce: nothing between these two.
    deal("K40", "R40", "2024-02-20", "2024-03-01", 6, &[(Hosting, "Workshop booking site", "350.00")]).ended("2024-08-31"),
    deal("K41", "R41", "2025-02-18", "2025-03-01", 12, &[(Managed, "Managed design server", "480.00")]),

    // Signed under the terms of July 2025: the signed 640.00 holds within the term too.
    deal("K42", "R42", "2025-07-15", "2025-08-01", 12, &[(Hosting, "Order portal hosting", "640.00")]).changed(&[
        ("2025-10-01", &[(Hosting, "Order portal hosting, 3 shops", "900.00")]),
    ]),
    // 8% is the most that the terms of November 2025 allow.
    deal("K49", "R46", "2025-11-18", "2025-12-01", 12, &[(Hosting, "Chart shop hosting", "450.00")]).at("0.08"),
];

#[rustfmt::skip]
static STORIES: &[Story] = &[
    // Other charges on the bill of a service earn nothing.
    Story { contract: "K01", month: "2024-06", events: &[Charged((Other, "Domain renewals, 3", "54.00"))] },
    Story { contract: "K07", month: "2025-08", events: &[Charged((Consulting, "Query tuning, 6 hours", "900.00"))] },

    // Paid on the last day: still this month's.
    Story { contract: "K09", month: "2025-01", events: &[Paid("2025-01-31")] },

    // Paid in parts: nothing in November, all of it in December.
    Story { contract: "K06", month: "2024-11", events: &[PaidPart("2024-11-12", "700.00"), PaidPart("2024-12-10", "650.00")] },
    Story { contract: "K06", month: "2025-12", events: &[PaidPart("2025-12-12", "900.00")] },

    // Paid in the next month.
    Story { contract: "K18", month: "2025-03", events: &[Paid("2025-04-08")] },

    // February unpaid until May holds March and April, which were paid; January's commission stays.
    Story { contract: "K05", month: "2025-02", events: &[Paid("2025-05-20")] },
    // And October unpaid holds November and December.
    Story { contract: "K05", month: "2025-10", events: &[NotPaid] },

    // Due on the last day of May and not paid by then: not yet overdue, so that K10 is payable.
    Story { contract: "K45", month: "2025-05", events: &[Due("2025-05-31"), Paid("2025-06-04")] },

    // A credit note with its refund, a month after it was paid: 10% of 440.00 is taken back.
    Story { contract: "K11", month: "2025-11", events: &[
        Paid("2025-11-19"), Credited("2025-12-09", (Hosting, "Outage of 22 November", "440.00")), Refunded("2025-12-16", "440.00"),
    ] },

    // Paid twice by mistake, and one returned.
    Story { contract: "K15", month: "2024-08", events: &[
        Paid("2024-08-09"), PaidPart("2024-08-12", "875.00"), Refunded("2024-08-20", "875.00"),
    ] },

    // Castle Hill has until January to pay; Market Cross was closed for a week.
    Story { contract: "K53", month: "2025-12", events: &[Due("2026-01-05"), NotPaid] },
    Story { contract: "K63", month: "2025-11", events: &[Credited("2025-12-03", (Managed, "Closed for a week", "16.50"))] },

    // A chargeback: 82.00 taken back in March and carried as debt, earned again in May.
    Story { contract: "K39", month: "2025-02", events: &[
        Paid("2025-02-10"), Refunded("2025-03-18", "820.00"), PaidPart("2025-05-06", "820.00"),
    ] },

    // All but the tax was paid: not in full until October.
    Story { contract: "K07", month: "2024-09", events: &[PaidPart("2024-09-10", "2740.50"), PaidPart("2024-10-15", "226.09")] },
    // Tax credited for an exemption: what is left is paid in full, and earns the same.
    Story { contract: "K07", month: "2025-03", events: &[
        Credited("2025-03-20", (Other, "Sales tax, exemption certificate", "226.09")), PaidPart("2025-03-24", "2740.50"),
    ] },

    // Paid to Bluefin in June, which remits in August: overdue to the company, so that July is held too.
    Story { contract: "K33", month: "2025-06", events: &[Paid("2025-06-10"), Remitted("2025-08-05")] },

    // Paid to Hargrove & Lund, and not remitted yet.
    Story { contract: "K34", month: "2025-12", events: &[Paid("2025-12-09"), NotRemitted] },
    // A credit under a net agreement: less is owed, and less was kept. Hargrove & Lund gives the same
    // share of its own price, 990.00, back to its client.
    Story { contract: "K36", month: "2025-11", events: &[
        Credited("2025-12-04", (Hosting, "Catalogue offline for 7 days", "200.00")), GivenBack("2025-12-09", "241.46"),
    ] },
    // All but a part was paid, and is given up; the company got what it is owed.
    Story { contract: "K34", month: "2025-05", events: &[
        PaidPart("2025-05-09", "385.00"), Remitted("2025-05-13"), WrittenOff("2025-09-30", "40.00"),
    ] },
];

#[rustfmt::skip]
static ONE_OFFS: &[OneOff] = &[
    // Setup on a bill of its own, under the contract.
    OneOff { client: "C19", contract: Some("K19"), issued_on: "2025-01-02", due_on: "2025-01-30", period_end: "2025-01-02",
        line: (Setup, "Site surveys and access points", "3400.00"), paid_on: Some("2025-01-20") },
    // After the contract ended: earns nothing.
    OneOff { client: "C23", contract: Some("K23"), issued_on: "2025-05-01", due_on: "2025-05-15", period_end: "2025-05-31",
        line: (Hosting, "Listings platform, kept for the move", "345.00"), paid_on: Some("2025-05-13") },
    // Consulting without a contract, due on 8 October and paid in November: holds October's hosting.
    OneOff { client: "C13", contract: None, issued_on: "2025-09-08", due_on: "2025-10-08", period_end: "2025-09-09",
        line: (Consulting, "Network redesign workshop, 2 days", "2400.00"), paid_on: Some("2025-11-25") },
    // And one that is still open: holds November and December.
    OneOff { client: "C17", contract: None, issued_on: "2025-11-03", due_on: "2025-11-18", period_end: "2025-11-03",
        line: (Consulting, "Search relevance review", "1150.00"), paid_on: None },
    // A customer since 2019, whom nobody can refer.
    OneOff { client: "C44", contract: None, issued_on: "2025-06-12", due_on: "2025-07-12", period_end: "2025-06-12",
        line: (Consulting, "Print server audit", "640.00"), paid_on: Some("2025-07-03") },
];

/// Id, affiliate, month, amount, reason.
#[rustfmt::skip]
static ADJUSTMENTS: &[(&str, &str, &str, &str, &str)] = &[
    ("J01", "A02", "2024-12", "-45.00", "Correction: gift card of November issued twice"),
    ("J02", "A04", "2025-06", "60.00", "Referral of the quarter"),
    ("J03", "A12", "2025-11", "25.00", "Welcome bonus"), // below the minimum payout of 50.00: carried
    ("J04", "A01", "2025-12", "150.00", "Year-end bonus: eleven active clients"),
    ("J05", "A03", "2025-12", "-20.00", "Correction: event ticket, as agreed on 2 December"),
];

/// A quote of the sample.
struct Offer {
    id: &'static str,
    version: u32,
    prospect: &'static str,
    domain: &'static str,
    affiliate: &'static str,
    quoted_on: &'static str,
    valid_until: &'static str,
    lines: &'static [(Kind, &'static str, &'static str)],
    term_months: u32,
    starts_on: &'static str,
    billed_by: BilledBy,
    stage: Stage,
}

static QUOTES: &[Offer] = &[
    Offer {
        id: "Q01",
        version: 1,
        prospect: "Lindqvist Cold Storage",
        domain: "lindqvist.example",
        affiliate: "A03",
        quoted_on: "2025-08-11",
        valid_until: "2025-09-10",
        lines: &[(Hosting, "Two dedicated servers", "640.00"), (Setup, "Racking", "300.00")],
        term_months: 12,
        starts_on: "2025-10-01",
        billed_by: BilledBy::Company,
        stage: Stage::Sent, // nobody answered: it has lapsed
    },
    Offer {
        id: "Q02",
        version: 2,
        prospect: "Tamarind Travel",
        domain: "tamarind.example",
        affiliate: "A01",
        quoted_on: "2025-11-03",
        valid_until: "2025-12-03",
        lines: &[(Hosting, "Web cluster", "1450.00"), (Managed, "Monitoring", "180.00")],
        term_months: 24,
        starts_on: "2026-01-01",
        billed_by: BilledBy::Company,
        stage: Stage::Declined,
    },
    Offer {
        id: "Q03",
        version: 1,
        prospect: "Orchard Street Clinic",
        domain: "orchardclinic.example",
        affiliate: "A01",
        quoted_on: "2025-12-15",
        valid_until: "2026-01-14",
        lines: &[
            (Hosting, "Cloud servers", "900.00"),
            (Managed, "Backup and patching", "250.00"),
            (Setup, "Migration of the patient portal", "1500.00"),
        ],
        term_months: 24,
        starts_on: "2026-02-01",
        billed_by: BilledBy::Company,
        stage: Stage::Sent,
    },
    Offer {
        id: "Q04",
        version: 1,
        prospect: "Pallas Robotics",
        domain: "pallas.example",
        affiliate: "A02",
        quoted_on: "2025-12-29",
        valid_until: "2026-01-28",
        lines: &[(Hosting, "Build farm", "2200.00"), (Consulting, "Network design", "800.00")],
        term_months: 36,
        starts_on: "2026-03-01",
        billed_by: BilledBy::Company,
        stage: Stage::Draft,
    },
];

impl Offer {
    fn quote(&self) -> Quote {
        let line = |&(kind, description, amount): &(Kind, &str, &str)| Line {
            kind,
            description: description.to_owned(),
            amount: money(amount),
        };
        Quote {
            id: Id::new(self.id),
            version: self.version,
            prospect: self.prospect.to_owned(),
            domains: vec![self.domain.to_owned()],
            affiliate: Some(Id::new(self.affiliate)),
            quoted_on: day(self.quoted_on),
            valid_until: day(self.valid_until),
            lines: self.lines.iter().map(line).collect(),
            term_months: self.term_months,
            starts_on: day(self.starts_on),
            rate: rate("0.08"),
            billed_by: self.billed_by,
            remittance: InFull,
            days_to_pay: 30,
            stage: self.stage,
            contract: None,
        }
    }
}

fn affiliate(&(id, name, own_companies, domains, agreement, remittance): &AffiliateRow) -> Affiliate {
    Affiliate {
        id: Id::new(id),
        name: name.to_owned(),
        own_companies: own_companies.iter().map(|&name| name.to_owned()).collect(),
        domains: domains.iter().map(|&domain| domain.to_owned()).collect(),
        agreement_signed_on: agreement.map(day),
        remittance,
    }
}

fn client(&(id, name, domain, customer_since): &(&str, &str, &str, Option<&str>)) -> Client {
    Client {
        id: Id::new(id),
        name: name.to_owned(),
        domains: vec![domain.to_owned()],
        customer_since: customer_since.map(day),
    }
}

fn referral(&(id, affiliate, client, registered_on): &(&str, &str, &str, &str)) -> Referral {
    Referral {
        id: Id::new(id),
        affiliate: Id::new(affiliate),
        client: Id::new(client),
        registered_on: day(registered_on),
    }
}

fn adjustment(&(id, affiliate, in_month, amount, reason): &(&str, &str, &str, &str, &str)) -> Adjustment {
    Adjustment {
        id: Id::new(id),
        affiliate: Id::new(affiliate),
        month: month(in_month),
        amount: money(amount),
        reason: reason.to_owned(),
    }
}
