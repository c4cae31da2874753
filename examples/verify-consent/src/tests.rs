//! A file as the product writes it, and what becomes of it in other hands.

use serde_json::{Value, json};

use super::*;

/// Three entries of one address and one of another, hashed by the product.
const GOOD: &str = include_str!("../good.json");

const PHONE: &str = "+14155552671";

fn changed(change: impl FnOnce(&mut Value)) -> Verdict {
    let mut file: Value = serde_json::from_str(GOOD).unwrap();
    change(&mut file);
    verify(&file.to_string())
}

fn chain(file: &mut Value) -> &mut Vec<Value> {
    let addresses = file["addresses"].as_array_mut().unwrap();
    let phone = addresses.iter_mut().find(|address| address["address"] == PHONE).unwrap();
    phone["chain"].as_array_mut().unwrap()
}

fn breaks(n: u32, how: How) -> Verdict {
    Verdict::Breaks(vec![Break { address: PHONE.to_owned(), n, how }])
}

#[test]
fn a_file_of_the_product_holds() {
    let verdict = verify(GOOD);
    assert_eq!(verdict, Verdict::Holds(Tally { entries: 4, erased: 0, unnamed: 4 }));
    assert!(verdict.to_string().starts_with("4 entries, all links hold; 4 of them older"), "{verdict}");
}

/// The same file as it is written now: each body names its ledger, and stands in the hash as its own hash.
fn named() -> Value {
    let mut file: Value = serde_json::from_str(GOOD).unwrap();
    let site = file["site"].clone();
    for ledger in file["addresses"].as_array_mut().unwrap() {
        let of = json!({"site": site, "kind": ledger["kind"], "address": ledger["address"]});
        let mut previous = String::new();
        for link in ledger["chain"].as_array_mut().unwrap() {
            let mut body: Value = serde_json::from_str(link["body"].as_str().unwrap()).unwrap();
            body["of"] = of.clone();
            link["body"] = json!(body.to_string());
            let entry: Entry = serde_json::from_value(link.clone()).unwrap();
            previous = entry.digest(&previous, &sha256(&entry.body));
            link["hash"] = json!(previous);
        }
        ledger["head"] = json!(previous);
    }
    file
}

#[test]
fn a_chain_under_another_address_kind_or_site_is_named() {
    let good = named();
    assert_eq!(verify(&good.to_string()), Verdict::Holds(Tally { entries: 4, ..Tally::default() }));
    for (field, other) in [("address", "+14155550199"), ("kind", "email")] {
        let mut file = good.clone();
        let ledger = file["addresses"].as_array_mut().unwrap();
        let phone = ledger.iter_mut().find(|one| one["address"] == PHONE).unwrap();
        phone[field] = json!(other);
        let address = phone["address"].as_str().unwrap().to_owned();
        let is = Verdict::Breaks(vec![Break { address, n: 1, how: How::Readdressed }]);
        assert_eq!(verify(&file.to_string()), is, "{field}");
    }
    let mut file = good.clone();
    file["site"] = json!("ste_other");
    let Verdict::Breaks(breaks) = verify(&file.to_string()) else { panic!("another site's") };
    assert_eq!(breaks.iter().filter(|one| one.how == How::Readdressed).count(), 2);
    let mut shouted = good;
    for ledger in shouted["addresses"].as_array_mut().unwrap().iter_mut().filter(|one| one["kind"] == "email")
    {
        ledger["address"] = json!(ledger["address"].as_str().unwrap().to_uppercase());
    }
    assert!(matches!(verify(&shouted.to_string()), Verdict::Holds(_)), "a mailbox is one in any case");
}

#[test]
fn a_changed_entry_is_named() {
    for (n, at) in (1..).zip(0..3) {
        for field in ["id", "contact", "body", "hash"] {
            let verdict = changed(|file| {
                let text = chain(file)[at][field].as_str().unwrap().replacen(['e', 'c'], "x", 1);
                chain(file)[at][field] = json!(text);
            });
            assert_eq!(verdict, breaks(n, How::Changed), "{field} of {n}");
        }
        let verdict = changed(|file| chain(file)[at]["at_ms"] = json!(1));
        assert_eq!(verdict, breaks(n, How::Changed));
    }
    assert_eq!(
        breaks(2, How::Changed).to_string(),
        "+14155552671: entry 2 was changed: its hash does not follow from what it says and the entry before."
    );
}

#[test]
fn a_missing_entry_is_named_the_last_one_too() {
    for (n, at) in (1..).zip(0..3) {
        let verdict = changed(|file| drop(chain(file).remove(at)));
        assert_eq!(verdict, breaks(n, How::Missing), "{n}");
    }
    let renumbered = changed(|file| {
        chain(file).remove(1);
        chain(file)[1]["n"] = json!(2);
    });
    assert_eq!(renumbered, breaks(2, How::Changed), "the gap is closed, and the link is not");
}

#[test]
fn another_order_is_named() {
    for (a, b, n) in [(0, 1, 1), (1, 2, 2), (0, 2, 1)] {
        assert_eq!(changed(|file| chain(file).swap(a, b)), breaks(n, How::Reordered), "{a} and {b}");
    }
}

#[test]
fn an_added_entry_and_a_missing_address_are_told() {
    let verdict = changed(|file| {
        let mut more: Entry = serde_json::from_value(chain(file)[2].clone()).unwrap();
        let previous = std::mem::replace(&mut more.n, 4).to_string();
        assert_eq!(previous, "3");
        let hash = more.digest(&more.hash, &more.body);
        let mut entry = chain(file)[2].clone();
        entry["n"] = json!(4);
        entry["hash"] = json!(hash);
        chain(file).push(entry);
    });
    assert_eq!(verdict, breaks(4, How::Added));
    let verdict =
        changed(|file| file["addresses"].as_array_mut().unwrap().retain(|one| one["address"] == PHONE));
    assert_eq!(verdict, Verdict::Incomplete(3, 4));
}

#[test]
fn what_is_no_such_file_is_said() {
    for text in ["", "{}", "[]", r#"{"format":"x","entries":0,"addresses":[]}"#] {
        assert!(matches!(verify(text), Verdict::Unreadable(_)), "{text}");
    }
}

#[test]
fn an_erased_entry_keeps_its_place_and_hash_and_is_told() {
    let mut file: serde_json::Value = serde_json::from_str(GOOD).unwrap();
    let erased = format!("{{\"erased\":\"{}\"}}", "a".repeat(64));
    file["addresses"][0]["chain"][0]["body"] = erased.into();
    assert_eq!(verify(&file.to_string()), Verdict::Holds(Tally { entries: 4, erased: 1, unnamed: 3 }));
    file["addresses"][0]["chain"][1]["at_ms"] = 1.into();
    assert!(matches!(verify(&file.to_string()), Verdict::Breaks(_)));
}
