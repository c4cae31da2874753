//! Rules about the whole tree that the compiler cannot hold: who may depend on whom, where SQL may stand, how long a file may
//! be. Every broken rule is listed, with its place.

mod dependencies;
mod sources;

use crate::cmd::Outcome;

pub(crate) fn check() -> Outcome {
    let mut broken = dependencies::check()?;
    broken.extend(sources::check()?);
    if broken.is_empty() {
        println!("All rules hold.");
        return Ok(());
    }
    for complaint in &broken {
        eprintln!("{complaint}");
    }
    Err(format!("{} broken rule(s), listed above.", broken.len()))
}
