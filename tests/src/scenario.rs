//! Scenarios: text files that are documentation and regression at once (`examples/scenarios/*.scn`).
//!
//! [`parse`] reads one, [`run()`] plays it on a [`Stage`]: [`Native`] is the whole product in this process under a virtual
//! clock, [`Workerd`] the built worker. A file knows nothing of either, so it holds on both or fails on one by name.

mod lex;
mod native;
pub mod parse;
mod records;
pub mod run;
pub mod stage;
mod workerd;

use std::{fs, path::PathBuf};

pub use self::{native::Native, parse::Scenario, run::run, stage::Stage, workerd::Workerd};

use crate::host::root;

/// The one list of scenarios: `each_scenario!(play)` stamps out a test for each, which calls the function `play` with the
/// file's name, and `each_scenario!(names)` is the list itself. That no file of the folder is missing here is a test.
#[macro_export]
macro_rules! each_scenario {
    ($what:ident) => {
        $crate::each_scenario! {
            @ $what:
            p1_five_channels_are_one_conversation,
            p2_everybody_sees_who_said_what_on_which_channel,
            p3_a_fact_said_in_the_chat_is_used_by_text,
            p4_the_conversation_goes_on_by_text,
            p5_an_email_is_answered_with_the_day_we_texted,
            p6_each_message_goes_by_the_channel_that_fits,
            p7_an_objection_is_remembered_half_a_year_later,
            p8_a_person_is_promised_and_the_promise_is_a_timer,
            p9_a_person_answers_from_the_same_conversation,
            p10_attention_is_capped_and_a_topic_goes_by_one_channel,
            p11_the_stated_preference_is_kept,
            p12_an_appointment_is_confirmed_reminded_of_moved_and_cancelled,
            p13_who_stays_silent_is_asked_again_by_email_and_then_by_text,
            p14_an_opt_out_is_honoured_at_once_and_email_goes_on,
            story,
        }
    };
    (@ names: $($name:ident,)+) => {
        [$(stringify!($name)),+]
    };
    (@ $play:ident: $($name:ident,)+) => {
        $(
            #[test]
            fn $name() {
                $play(stringify!($name));
            }
        )+
    };
}

/// The folder of the scenarios.
pub fn folder() -> PathBuf {
    root().join("examples/scenarios")
}

/// Reads a file; the name in errors is the one given.
pub fn load(path: &std::path::Path) -> Result<Scenario, String> {
    let name = path.strip_prefix(root()).unwrap_or(path).display().to_string();
    let text = fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
    parse::parse(&name, &text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests;
