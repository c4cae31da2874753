//! Every language says all that the inbox says.

use std::{collections::BTreeSet, fs, path::Path};

use inbox::words::Words;

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("page/lang").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn sources(dir: &Path, all: &mut String) {
    for entry in fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, all);
        } else {
            all.push_str(&fs::read_to_string(&path).expect("a source"));
        }
    }
}

#[test]
fn every_language_has_the_same_sentences_with_the_same_gaps() {
    let english = Words::parse(&file("en.json"));
    let names: BTreeSet<&str> = english.names().collect();
    assert!(names.len() > 120);
    for language in ["es.json", "fr.json", "de.json", "ar.json"] {
        let words = Words::parse(&file(language));
        assert_eq!(words.names().collect::<BTreeSet<_>>(), names, "{language}");
        for name in &names {
            let gaps = |words: &Words| words.of(name).matches("{}").count();
            assert_eq!(gaps(&words), gaps(&english), "{language}: {name}");
            assert!(!words.of(name).trim().is_empty(), "{language}: {name}");
        }
    }
}

#[test]
fn every_sentence_that_is_asked_for_is_there() {
    let mut all = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    let english = Words::parse(&file("en.json"));
    let names: BTreeSet<&str> = english.names().collect();
    for call in ["say(\"", "fill(\"", "about(\"", "twice(\""] {
        for asked in all.split(call).skip(1) {
            let name = asked.split('"').next().unwrap_or_default();
            assert!(name.ends_with('-') || names.contains(name), "no words for `{name}`");
        }
    }
    for name in all.split("\"act-").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(names.contains(["act-", name].concat().as_str()), "no words for `act-{name}`");
    }
}
