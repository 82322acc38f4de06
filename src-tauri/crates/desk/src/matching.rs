//! What a stack of bank receipts pays: the client that is meant, and its open invoices, oldest due first.
//!
//! Nothing is decided silently: where several clients fit, they are offered; what can't be paid is said beside its field.

use std::collections::HashMap;

use book::{ClientNamed, InvoiceNumbered};
use rules::client::Client;
use rules::contract::BilledBy;
use rules::day::{self, Day};
use rules::debt::OwnBill;
use rules::id::Id;
use rules::invoice::Invoice;
use rules::money::{Currency, Money};
use rules::name;

use crate::bills::Bill;
use crate::invoices::{CandidateView, MatchedPart, MatchedReceipt, ReceiptProblem, TypedReceipt};
use crate::views::Amount;
use crate::{Desk, DeskError, Now};

impl Desk {
    /// Matches typed receipts with open invoices, each knowing what those above it paid. Reads only.
    pub fn match_receipts(&self, receipts: &[TypedReceipt], now: Now) -> Result<Vec<MatchedReceipt>, DeskError> {
        let currency = self.programme()?.currency;
        let own = self.own_affiliate()?.is_some();
        let mut stack = Stack { desk: self, today: now.today, currency, own, paid: HashMap::new() };
        receipts.iter().map(|receipt| stack.matched(receipt)).collect()
    }
}

/// Clients to choose from, and how many are looked at to find the likeliest.
const MOST_CANDIDATES: usize = 8;
const MOST_FOUND: u32 = 50;

/// The receipts gone through so far.
struct Stack<'a> {
    desk: &'a Desk,
    today: Day,
    currency: Currency,
    /// In an affiliate's own book what a client it bills pays comes to the affiliate: what the company is owed of it is
    /// another matter.
    own: bool,
    /// What they pay, by invoice.
    paid: HashMap<Id<Invoice>, Money>,
}

/// Who paid, as far as the typed words say.
enum Payer {
    /// If an invoice was named, it is paid first.
    One {
        client: ClientNamed,
        first: Option<Id<Invoice>>,
    },
    Several(Vec<ClientNamed>),
    Nobody(String),
}

/// An open invoice, and what is left to pay of it.
struct Due {
    bill: Bill,
    open: Money,
    kind: &'static str,
}

impl Stack<'_> {
    fn matched(&mut self, typed: &TypedReceipt) -> Result<MatchedReceipt, DeskError> {
        let amount = self.amount(&typed.amount);
        let mut matched = MatchedReceipt {
            client: None,
            client_name: String::new(),
            candidates: Vec::new(),
            parts: Vec::new(),
            over: None,
            problem: None,
        };
        let payable = amount.and_then(|amount| self.day(&typed.on).map(|()| amount));
        match self.payer(typed)? {
            Payer::Nobody(message) => matched.problem = Some(ReceiptProblem { at: "who", message }),
            Payer::Several(clients) => {
                matched.candidates = self.candidates(clients, payable.as_ref().ok().copied())?;
                matched.problem = payable.err();
            }
            Payer::One { client, first } => {
                let paid = match payable {
                    Ok(amount) => self.pay(&client, first.as_ref(), amount, &mut matched)?,
                    Err(problem) => Some(problem),
                };
                matched.problem = paid;
                matched.client = Some(client.id.to_string());
                matched.client_name = client.name;
            }
        }
        Ok(matched)
    }

    fn amount(&self, text: &str) -> Result<Money, ReceiptProblem> {
        let text = text.trim();
        let code = self.currency.code();
        let problem = |message| Err(ReceiptProblem { at: "amount", message });
        match Money::parse(text, self.currency) {
            Some(amount) if amount.is_positive() => Ok(amount),
            Some(_) => problem(format!("\"{text}\" is not above nothing. Type what was received.")),
            None if text.is_empty() => problem("The amount is missing. Type what was received.".to_owned()),
            None => problem(format!("\"{text}\" can't be read as an amount of {code}. Write it like 1234.50.")),
        }
    }

    fn day(&self, text: &str) -> Result<(), ReceiptProblem> {
        let text = text.trim();
        let problem = |message| Err(ReceiptProblem { at: "on", message });
        match day::parse(text) {
            Some(on) if on <= self.today => Ok(()),
            Some(on) => {
                problem(format!("\"{}\" is after today. Type the day on which the money came in.", day::words(on)))
            }
            None if text.is_empty() => problem("The day is missing. Type when the money came in.".to_owned()),
            None => problem(format!("\"{text}\" can't be read as a day. Write it like 2025-12-03.")),
        }
    }

    fn payer(&self, typed: &TypedReceipt) -> Result<Payer, DeskError> {
        let who = typed.who.trim();
        let numbered = self.numbered(who)?;
        if !typed.client.is_empty() {
            return self.picked(&typed.client, who, &numbered);
        }
        if who.is_empty() {
            return Ok(Payer::Nobody(
                "Nobody is named. Type a part of the client's name or its invoice's number.".to_owned(),
            ));
        }
        if let Some(client) = self.client(who)? {
            return Ok(Payer::One { client, first: None });
        }
        if let Some(invoice) = named_alone(who, &numbered) {
            return Ok(Payer::One { client: invoice.client.clone(), first: Some(invoice.id.clone()) });
        }
        let named = self.desk.book.clients_named(who, MOST_FOUND)?;
        let folded = name::fold(who);
        let just_so: Vec<&ClientNamed> = named.iter().filter(|client| name::fold(&client.name) == folded).collect();
        if let [client] = just_so.as_slice() {
            return Ok(Payer::One { client: (*client).clone(), first: None });
        }
        let mut clients = named;
        for invoice in numbered {
            if !clients.contains(&invoice.client) {
                clients.push(invoice.client);
            }
        }
        Ok(match clients.len() {
            0 => Payer::Nobody(format!(
                "No client's name and no invoice's number fits \"{who}\". Type another part of the name, or the number."
            )),
            1 => Payer::One { client: clients.remove(0), first: None },
            _ => Payer::Several(clients),
        })
    }

    /// The client that was chosen; what was typed may still name one of its invoices.
    fn picked(&self, id: &str, who: &str, numbered: &[InvoiceNumbered]) -> Result<Payer, DeskError> {
        let Some(client) = self.client(id)? else {
            return Ok(Payer::Nobody(format!("There is no client with the id \"{id}\". Choose another.")));
        };
        let of_client: Vec<InvoiceNumbered> =
            numbered.iter().filter(|invoice| invoice.client == client).cloned().collect();
        let first = named_alone(who, &of_client).map(|invoice| invoice.id.clone());
        Ok(Payer::One { client, first })
    }

    fn client(&self, id: &str) -> Result<Option<ClientNamed>, DeskError> {
        let find = |id: &str| self.desk.book.find::<Client>(id);
        let client = match find(id)? {
            Some(client) => Some(client),
            None => find(&id.to_uppercase())?,
        };
        Ok(client.map(|client| ClientNamed { id: client.id, name: client.name }))
    }

    /// The invoices whose numbers begin with what was typed, or with it in capitals.
    fn numbered(&self, who: &str) -> Result<Vec<InvoiceNumbered>, DeskError> {
        if who.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.desk.book.invoices_numbered(who, MOST_FOUND)?;
        let capitals = who.to_uppercase();
        if !found.is_empty() || capitals == who {
            return Ok(found);
        }
        Ok(self.desk.book.invoices_numbered(&capitals, MOST_FOUND)?)
    }

    /// The likeliest first: who has just this amount open, then who has anything open.
    fn candidates(
        &self,
        mut clients: Vec<ClientNamed>,
        amount: Option<Money>,
    ) -> Result<Vec<CandidateView>, DeskError> {
        let ids: Vec<Id<Client>> = clients.iter().map(|client| client.id.clone()).collect();
        let mut open: HashMap<Id<Client>, Money> = HashMap::new();
        for due in self.due(&ids)? {
            let sum = open.entry(due.bill.facts.invoice.client.clone()).or_insert_with(|| self.currency.zero());
            *sum += due.open;
        }
        clients.sort_by_key(|client| match open.get(&client.id) {
            Some(open) if Some(*open) == amount => 0,
            Some(_) => 1,
            None => 2,
        });
        let candidate = |client: ClientNamed| CandidateView { id: client.id.to_string(), name: client.name };
        Ok(clients.into_iter().take(MOST_CANDIDATES).map(candidate).collect())
    }

    /// The clients' invoices that are still to be paid, once the receipts above are recorded; oldest due first.
    fn due(&self, clients: &[Id<Client>]) -> Result<Vec<Due>, DeskError> {
        let book = &self.desk.book;
        // What is settled with the company may still be owed by the client.
        let read = if self.own {
            book.facts_of_clients(clients)?
        } else {
            book.facts_of_invoices(&book.open_invoices_of(clients)?)?
        };
        let bills = self.desk.bills(read, self.today)?;
        let facts = if self.own { bills.iter().map(|bill| bill.facts.clone()).collect() } else { Vec::new() };
        let own = book.own_bills(facts)?;
        let debt = |bill: &OwnBill| (bill.facts.invoice.id.clone(), bill.debt(self.currency).owes());
        let owed: HashMap<Id<Invoice>, Money> = own.iter().map(debt).collect();
        let due = |bill: Bill| {
            let (kind, missing) = self.missing(&bill, &owed)?;
            let open = self.paid.get(&bill.facts.invoice.id).map_or(missing, |paid| missing - *paid);
            open.is_positive().then_some(Due { bill, open, kind })
        };
        let mut due: Vec<Due> = bills.into_iter().filter_map(due).collect();
        let order = |due: &Due| (due.bill.facts.invoice.due_on, due.bill.facts.invoice.number.clone());
        due.sort_by_cached_key(order);
        Ok(due)
    }

    /// What a receipt for the bill is, and how much of it is missing.
    fn missing(&self, bill: &Bill, owed: &HashMap<Id<Invoice>, Money>) -> Option<(&'static str, Money)> {
        match bill.standing.billed_by {
            BilledBy::Affiliate if self.own => owed.get(&bill.facts.invoice.id).map(|owes| ("payment", *owes)),
            BilledBy::Affiliate => Some(("remittance", bill.open.as_ref()?.missing)),
            BilledBy::Company => Some(("payment", bill.open.as_ref()?.missing)),
        }
    }

    /// Uses the amount up, invoice by invoice. What is over goes to the last one paid. Gives what keeps it from paying.
    fn pay(
        &mut self,
        client: &ClientNamed,
        first: Option<&Id<Invoice>>,
        amount: Money,
        matched: &mut MatchedReceipt,
    ) -> Result<Option<ReceiptProblem>, DeskError> {
        let mut due = self.due(std::slice::from_ref(&client.id))?;
        if due.is_empty() {
            return Ok(Some(self.nothing_open(client)?));
        }
        due.sort_by_key(|due| Some(&due.bill.facts.invoice.id) != first);
        let nothing = self.currency.zero();
        let mut left = amount;
        let mut parts: Vec<(Due, Money)> = Vec::new();
        for due in due {
            if left.is_positive() {
                let pays = left.min(due.open);
                left = left - pays;
                parts.push((due, pays));
            }
        }
        if left.is_positive() {
            matched.over = Some(Amount::of(left, self.currency));
            if let Some((_, pays)) = parts.last_mut() {
                *pays += left;
            }
        }
        for (due, pays) in &parts {
            *self.paid.entry(due.bill.facts.invoice.id.clone()).or_insert(nothing) += *pays;
        }
        matched.parts = parts.iter().map(|(due, pays)| part(due, *pays, self.currency)).collect();
        Ok(None)
    }

    fn nothing_open(&self, client: &ClientNamed) -> Result<ReceiptProblem, DeskError> {
        let open = self.desk.book.open_invoices_of(std::slice::from_ref(&client.id))?;
        let above = open.iter().any(|invoice| self.paid.contains_key(invoice));
        let name = &client.name;
        let message = if above {
            format!("The receipts above pay all that \"{name}\" has open. Correct one of them, or leave this one out.")
        } else {
            format!("\"{name}\" has no open invoice, so nothing can be paid. Record its invoice first.")
        };
        Ok(ReceiptProblem { at: "who", message })
    }
}

/// The invoice that was typed: by its whole number, or as the only one that begins so.
fn named_alone<'n>(who: &str, numbered: &'n [InvoiceNumbered]) -> Option<&'n InvoiceNumbered> {
    let whole = numbered.iter().find(|invoice| invoice.number.to_uppercase() == who.to_uppercase());
    whole.or(match numbered {
        [invoice] => Some(invoice),
        _ => None,
    })
}

fn part(due: &Due, pays: Money, currency: Currency) -> MatchedPart {
    let invoice = &due.bill.facts.invoice;
    MatchedPart {
        invoice: invoice.id.to_string(),
        number: invoice.number.clone(),
        due_on: invoice.due_on.to_string(),
        kind: due.kind,
        open: Amount::of(due.open, currency),
        pays: Amount::of(pays, currency),
        leaves: Amount::of((due.open - pays).at_least_nothing(), currency),
    }
}
