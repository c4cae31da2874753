//! The corpus of mails from many clients, the cost of the worst ones, and that no words are lost.

use std::{fs, path::Path};

use proptest::prelude::*;

use super::*;

/// Looks that one line may cost, whatever it says.
const LOOKS_PER_LINE: usize = 40;

#[test]
fn every_mail_of_the_corpus_is_stripped_as_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/email/strip");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut wrong = Vec::new();
    for file in &files {
        let case = fs::read_to_string(file).unwrap();
        let (mail, expected) = case.split_once("\n=====expected=====\n").unwrap();
        let found = strip_reply(mail);
        if found != expected.trim_end_matches('\n') {
            wrong.push(format!("{}:\n{found}\n--- expected\n{expected}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{} of {} wrong\n{}", wrong.len(), files.len(), wrong.join("\n"));
    assert!(files.len() >= 40, "{} mails", files.len());
}

#[test]
fn a_megabyte_of_the_worst_lines_costs_a_bounded_number_of_looks() {
    let worst = [
        "On Tue, Nov 24, 2026 at 9:12 AM\n",
        "On x\n> y\n",
        "From: a\n",
        "From: a@b\nTo: c\n\n\n",
        "--\n",
        "> a\n\n\n\n",
        "\n",
        "a\n\n> b\n",
        "Sent from my iPhone\n",
        "__________\n",
        ">",
        "-- original",
        "wrote:\n",
        "1:1 wrote:\n> q\n",
    ];
    for line in worst {
        let text = line.repeat(1_000_000 / line.len());
        let (_, looks) = strip_counted(&text);
        let lines = text.split('\n').count();
        assert!(looks <= lines * LOOKS_PER_LINE + 100, "{line:?}: {looks} looks at {lines} lines");
    }
}

#[test]
fn what_is_all_quote_comes_back_whole() {
    for text in
        ["> only a quote", "On 24/11/2026 at 9:12, Maria wrote:\n> hi", "-- \nMaria", "Sent from my iPhone"]
    {
        assert_eq!(strip_reply(text), text);
    }
    assert_eq!(strip_reply("  \n \n"), "");
}

proptest! {
    #[test]
    fn any_text_is_stripped_without_a_panic(text in "[>a-z0-9:@.\n \u{a0}\u{e9}<-]{0,300}") {
        let (stripped, _) = strip_counted(&text);
        prop_assert_eq!(stripped.is_empty(), text.trim().is_empty());
    }

    #[test]
    fn plain_words_stay_as_they_are(lines in prop::collection::vec("[a-z]{1,8}( [a-z]{1,8}){0,5}[.!?]", 1..8)) {
        let text = lines.join("\n");
        prop_assert_eq!(strip_reply(&text), text);
    }

    #[test]
    fn a_reply_above_a_quote_is_all_that_is_left(
        reply in "[a-z]{1,9}( [a-z]{1,9}){0,6}[.]", quote in prop::collection::vec("[a-z :-]{0,30}", 1..9),
    ) {
        let quoted = format!("\n> {}", quote.join("\n> "));
        let text = format!("{reply}\n\nOn Tue, Nov 24, 2026 at 9:12 AM Maria <m@lopez.example> wrote:\n{quoted}\n");
        prop_assert_eq!(strip_reply(&text), reply);
    }
}
