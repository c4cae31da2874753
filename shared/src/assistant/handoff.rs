//! Who has to be called after a turn, whoever drafted it: rules, and not a model's judgement.
//!
//! A model may forget that somebody asked for a person, and does not count how often it did not know. So every draft is
//! held against the same triggers: what is missing is added, with an honest time in the words, and nobody is called again for
//! what somebody is called for already. A handoff does not silence the assistant; of what is left to people it says nothing.

use super::{Act, Draft, Turn, builtin, guard::room};
use crate::{
    handoff::Reason,
    phrases::{self, Lang},
    text,
};

/// A draft with the calls that its turn needs.
pub fn settle(turn: &Turn, mut draft: Draft) -> Draft {
    if turn.task.is_some() {
        return draft;
    }
    draft.acts.retain(|act| match act {
        Act::CallPerson { reason, about, .. } => !turn.is_called(*reason, about.as_deref()),
        _ => true,
    });
    let calls = draft.acts.iter().any(|act| matches!(act, Act::CallPerson { .. }));
    let is_model = draft.author != builtin::AUTHOR;
    let triggered = || if is_model { by_model(turn, &draft) } else { None };
    let wanted = triggered().or_else(|| tagged(turn));
    if let Some((reason, about)) = wanted.filter(|_| !calls) {
        call(turn, &mut draft, reason, about);
    }
    draft
}

/// The marked topics a turn must not speak of: those of the burst, and those a person is called for.
pub(super) fn left_to_people(turn: &Turn) -> Vec<String> {
    let topics = &turn.site.handoff;
    let now = turn.burst.iter().filter_map(|said| topics.topic_in(&said.text)).map(str::to_owned);
    let open = turn.handoff.open.iter().filter(|(reason, _)| *reason == Reason::Topic);
    let mut all: Vec<String> = open.filter_map(|(_, about)| about.clone()).chain(now).collect();
    all.sort();
    all.dedup();
    all
}

/// What a model's draft should have called a person for.
fn by_model(turn: &Turn, draft: &Draft) -> Option<(Reason, Option<String>)> {
    let topic = || {
        let topics = &turn.site.handoff;
        let topic = turn.burst.iter().find_map(|said| topics.topic_in(&said.text))?;
        Some((Reason::Topic, Some(topic.to_owned())))
    };
    let again = || {
        let unsure = turn.handoff.was_unsure && draft.acts.contains(&Act::Unsure);
        unsure.then_some((Reason::Unsure, None))
    };
    let wanted = builtin::person_wanted(turn).map(|reason| (reason, None)).or_else(topic).or_else(again)?;
    (!turn.is_called(wanted.0, wanted.1.as_deref())).then_some(wanted)
}

/// A contact for whom a person is always called.
fn tagged(turn: &Turn) -> Option<(Reason, Option<String>)> {
    let tag = turn.handoff.tag.clone()?;
    // Whoever is called for anything sees who it is.
    turn.handoff.open.is_empty().then_some((Reason::Vip, Some(tag)))
}

fn call(turn: &Turn, draft: &mut Draft, reason: Reason, about: Option<String>) {
    let lang = builtin::language(turn);
    let when = turn.people(lang);
    let sentence = match reason {
        Reason::Vip => phrases::answers::handoff_stands(lang, &when),
        _ => phrases::answers::handoff(lang, &when),
    };
    append(turn, draft, &sentence, lang);
    draft.acts.push(Act::CallPerson { reason, about, by: turn.acts_by() });
}

/// Puts a sentence at the end, within what the line carries.
fn append(turn: &Turn, draft: &mut Draft, sentence: &str, lang: Lang) {
    let left = room(turn, lang).saturating_sub(sentence.chars().count() + 1);
    let said = text::lead(draft.text.trim(), left);
    draft.text = if said.is_empty() { sentence.to_owned() } else { format!("{said} {sentence}") };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{assistant::fixtures, channel::Channel, time::MINUTE_MS};

    fn reason(draft: &Draft) -> Option<Reason> {
        draft.acts.iter().find_map(|act| match act {
            Act::CallPerson { reason, .. } => Some(*reason),
            _ => None,
        })
    }

    fn by_a_model(text: &str, acts: Vec<Act>) -> Draft {
        Draft { text: text.into(), author: "m".into(), acts, ..Draft::default() }
    }

    #[test]
    fn a_model_that_forgets_to_call_a_person_is_helped() {
        for (said, wanted) in [
            ("Can I talk to a person?", Some(Reason::Asked)),
            ("this is unacceptable", Some(Reason::Anger)),
            ("you stupid idiot", Some(Reason::Abuse)),
            ("How much is a full service?", None),
        ] {
            let turn = fixtures::turn(Channel::Widget, said);
            let draft = settle(&turn, by_a_model("Sure.", Vec::new()));
            assert_eq!(reason(&draft), wanted, "{said}");
            assert_eq!(draft.text.contains("A person will answer"), wanted.is_some(), "{}", draft.text);
        }
    }

    #[test]
    fn the_second_time_a_model_did_not_know_a_person_is_called() {
        let mut turn = fixtures::turn(Channel::Widget, "do you sell kayaks?");
        let unsure = || by_a_model("I do not know that.", vec![Act::Unsure]);
        assert_eq!(reason(&settle(&turn, unsure())), None);
        turn.handoff.was_unsure = true;
        assert_eq!(reason(&settle(&turn, unsure())), Some(Reason::Unsure));
        assert_eq!(reason(&settle(&turn, by_a_model("It is $140.", Vec::new()))), None);
    }

    #[test]
    fn nobody_is_called_again_for_the_same_reason_until_they_are_late() {
        let mut turn = fixtures::turn(Channel::Widget, "this is unacceptable");
        turn.handoff.open = vec![(Reason::Anger, None)];
        turn.promised = Some(turn.now.plus_ms(MINUTE_MS));
        let call = || Act::CallPerson { reason: Reason::Anger, about: None, by: None };
        assert_eq!(reason(&settle(&turn, by_a_model("Sorry.", vec![call()]))), None);
        turn.handoff.open = vec![(Reason::Unsure, None)];
        assert_eq!(reason(&settle(&turn, by_a_model("Sorry.", vec![call()]))), Some(Reason::Anger));
        turn.handoff.open = vec![(Reason::Anger, None)];
        turn.promised = Some(turn.now);
        assert_eq!(reason(&settle(&turn, by_a_model("Sorry.", vec![call()]))), Some(Reason::Anger));
    }

    #[test]
    fn a_person_is_called_for_a_marked_contact_once_and_they_are_answered_all_the_same() {
        let mut turn = fixtures::turn(Channel::Sms, "How much is a full service?");
        turn.handoff.tag = Some("vip".into());
        let long = "A full service is $140. ".repeat(20);
        let draft = settle(&turn, by_a_model(&long, Vec::new()));
        assert_eq!(reason(&draft), Some(Reason::Vip));
        assert!(draft.text.starts_with("A full service is $140.") && draft.text.contains("has been told"));
        assert!(draft.text.chars().count() <= crate::assistant::guard::max_chars(Channel::Sms));
        turn.handoff.open = vec![(Reason::Vip, Some("vip".into()))];
        assert_eq!(reason(&settle(&turn, by_a_model(&long, Vec::new()))), None);
    }
}
