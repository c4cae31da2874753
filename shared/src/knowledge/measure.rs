//! Measures retrieval through the store's own statements: on the example site's questions, which the ranking was tuned on, and on a
//! clinic's, which it was not.

use super::{CANDIDATES, CONFIDENT, fts_query, passages, rank};
use crate::{
    assistant::Passage,
    id::SiteId,
    store::{knowledge as stored, sqlite::Sqlite},
};

#[derive(serde::Deserialize)]
struct Asked {
    q: String,
    #[serde(default)]
    file: Option<String>,
    heading: Option<String>,
}

fn root() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn site() -> SiteId {
    SiteId::parse("ste_measured").unwrap()
}

fn index(all: &[Passage]) -> Sqlite {
    let db = Sqlite::in_memory().unwrap();
    for stmt in stored::replace(&site(), all) {
        db.run(&stmt).unwrap();
    }
    db
}

fn search(db: &Sqlite, question: &str) -> Vec<Passage> {
    let Some(query) = fts_query(question) else { return Vec::new() };
    let found = db.run(&stored::search(&site(), &query, CANDIDATES)).unwrap();
    rank(question, &stored::decode(found).unwrap())
}

/// How many questions there were, and what became of them.
#[derive(Debug, Default)]
struct Score {
    answerable: usize,
    /// The right passage came first.
    top: usize,
    /// The right passage came first and was given as the answer.
    right: usize,
    /// Another passage was given as the answer.
    misled: usize,
    unanswerable: usize,
    /// A passage was given as the answer although none is.
    wrong: usize,
}

fn measure(all: &[Passage], asked: &[Asked]) -> Score {
    let db = index(all);
    let mut score = Score::default();
    for Asked { q, file, heading } in asked {
        let found = search(&db, q);
        let best = found.first();
        let answer = best.filter(|passage| passage.score >= CONFIDENT);
        let shown = best.map_or((0, ""), |passage| (passage.score, passage.heading.as_str()));
        let right = |passage: &Passage| {
            Some(&passage.heading) == heading.as_ref()
                && file.as_ref().is_none_or(|file| *file == passage.path)
        };
        if heading.is_none() {
            score.unanswerable += 1;
            score.wrong += usize::from(answer.is_some());
            if answer.is_some() {
                println!("ANSWERED {q} -> {shown:?}");
            }
            continue;
        }
        score.answerable += 1;
        score.top += usize::from(best.is_some_and(right));
        score.right += usize::from(answer.is_some_and(right));
        score.misled += usize::from(answer.is_some_and(|passage| !right(passage)));
        if !answer.is_some_and(right) {
            println!("MISSED {q} -> {shown:?}");
        }
    }
    println!("{score:?}");
    score
}

fn asked(path: &str) -> Vec<Asked> {
    serde_json::from_str(&std::fs::read_to_string(root().join(path)).unwrap()).unwrap()
}

#[test]
fn the_example_questions_are_answered_rightly_and_the_unanswerable_are_not() {
    let folder = root().join("examples/site/knowledge");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |file: &std::path::PathBuf| {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        passages(&name, &std::fs::read_to_string(file).unwrap())
    };
    let all: Vec<Passage> = files.iter().flat_map(read).collect();
    let score = measure(&all, &asked("examples/questions.json"));
    assert!(score.right * 100 >= score.answerable * 85, "{score:?}");
    assert!(score.wrong * 100 <= score.unanswerable * 10, "{score:?}");
}

#[test]
fn a_site_of_another_trade_is_answered_too() {
    let folder = "shared/fixtures/knowledge";
    let text = std::fs::read_to_string(root().join(folder).join("clinic.md")).unwrap();
    let score = measure(&passages("clinic.md", &text), &asked(&format!("{folder}/clinic.json")));
    assert!(score.right * 100 >= score.answerable * 60, "{score:?}");
    assert!(score.wrong * 100 <= score.unanswerable * 15, "{score:?}");
}
