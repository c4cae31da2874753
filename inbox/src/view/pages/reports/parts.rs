//! The figures and charts of a report.

use leptos::prelude::*;
use shared::api::report::{Named, Report};

use super::chart::{Bar, Line, bars, lines};
use crate::{
    browser::{lasting, number},
    model::report::{Change, Span, Wish, change, filled, opted_out_per_1000, per_100, sum},
    view::icon,
    words::{fill, say},
};

/// All of it.
pub(super) fn all(report: &Report, before: &Report, span: Span) -> AnyView {
    let parts = [
        ("report-days", days(report, span)),
        ("report-waits", waits(report)),
        ("report-handoffs", handoffs(report)),
        ("report-promises", promises(report)),
        ("report-held", held(report)),
        ("report-optouts", optouts(report)),
        ("report-sources", sources(report)),
        ("report-bookings", bookings(report)),
        ("report-people", people(report)),
    ];
    let section = |(name, (note, drawn)): (&'static str, (String, AnyView))| {
        view! {
            <section class="part" aria-labelledby=name>
                <h2 id=name>{say(name)}</h2>
                {(!note.is_empty()).then(|| view! { <p class="note">{note}</p> })}
                {drawn}
            </section>
        }
    };
    view! {
        <dl class="figures">{figures(report, before)}</dl>
        <div class="parts">{parts.into_iter().map(section).collect_view()}</div>
    }
    .into_any()
}

type Part = (String, AnyView);

fn figures(report: &Report, before: &Report) -> AnyView {
    type Of = fn(&Report) -> Option<u32>;
    let all: [(&'static str, Of, &'static str, Wish); 9] = [
        ("figure-talks", |it| Some(it.talks), "", Wish::More),
        ("figure-answers", |it| Some(it.answers), "", Wish::Neither),
        ("figure-handoffs", |it| it.handoffs_per_100, "", Wish::Less),
        ("figure-promises", |it| it.promises_kept_per_100, "%", Wish::More),
        ("figure-held", |it| Some(sum(&it.held_back)), "", Wish::Neither),
        ("figure-optouts", opted_out_per_1000, "", Wish::Less),
        ("figure-unsourced", |it| per_100(it.answers_unsourced, it.answers), "%", Wish::Less),
        ("figure-booked", |it| Some(it.booked), "", Wish::More),
        ("figure-joined", |it| it.joined_per_100, "", Wish::Less),
    ];
    let figure = |(name, of, unit, wish): (&'static str, Of, &'static str, Wish)| {
        let written = |value: Option<u32>| {
            value.map_or_else(|| "–".to_owned(), |value| [&number(value), unit].concat())
        };
        let (was, is) = (of(before), of(report));
        let change = was.zip(is).map(|(was, is)| delta(change(was, is, wish)));
        view! {
            <div class="figure">
                <dt>{say(name)}</dt>
                <dd><b>{written(is)}</b>{change}<small>{fill("figure-before", &written(was))}</small></dd>
            </div>
        }
    };
    all.into_iter().map(figure).collect_view().into_any()
}

fn delta(change: Change) -> Option<AnyView> {
    let percent = change.percent?;
    let sign = match percent {
        0 => "±",
        more if more > 0 => "+",
        _ => "−",
    };
    let text = format!("{sign}{}%", percent.abs());
    Some(view! { <span class="delta" data-tone=change.tone dir="ltr">{text}</span> }.into_any())
}

/// What stands where there is nothing to draw.
fn nothing() -> AnyView {
    view! { <p class="nothing-here">{say("report-nothing")}</p> }.into_any()
}

fn heads<const N: usize>(names: [&str; N]) -> [String; N] {
    names.map(say)
}

fn days(report: &Report, span: Span) -> Part {
    let days = filled(span, &report.days);
    let names: Vec<String> = days.iter().map(|day| day.day.clone()).collect();
    let line = |name: &str, values: Vec<u32>, color, dashes| Line { name: say(name), values, color, dashes };
    let drawn = [
        line("figure-talks", days.iter().map(|day| day.talks).collect(), "var(--email)", "none"),
        line("figure-answers", days.iter().map(|day| day.answers).collect(), "var(--widget)", "7 4"),
        line("figure-booked", days.iter().map(|day| day.booked).collect(), "var(--sms)", "2 4"),
    ];
    (String::new(), lines(&say("report-days"), &names, &drawn))
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a wait fit a double")]
fn waits(report: &Report) -> Part {
    let bar = |answer: &shared::api::report::FirstAnswer| {
        let (half, most) = (answer.median_s as f64, answer.p90_s as f64);
        let by = say(if answer.by == "assistant" { "the-assistant" } else { "by-person" });
        Bar {
            name: [&say(icon::name(answer.channel)), ", ", &by].concat(),
            value: half,
            end: Some(most),
            shown: vec![lasting(half), lasting(most), number(answer.count)],
            color: match answer.channel.as_str() {
                "sms" => "var(--sms)",
                "email" => "var(--email)",
                "messenger" => "var(--messenger)",
                "instagram" => "var(--instagram)",
                _ => "var(--widget)",
            },
        }
    };
    if report.first_answers.is_empty() {
        return (String::new(), nothing());
    }
    let heads = heads(["channel", "report-half", "report-most", "report-count"]);
    (say("report-waits-note"), bars(&heads, report.first_answers.iter().map(bar).collect()))
}

/// Bars of counts, each by its words where it has some.
fn counted(named: &[Named], words: &str, color: &'static str) -> AnyView {
    if named.is_empty() {
        return nothing();
    }
    let all = sum(named);
    let bar = |it: &Named| {
        let key = [words, &it.name].concat();
        let known = say(&key);
        let share = per_100(it.count, all).map(|share| format!("{share}%")).unwrap_or_default();
        Bar {
            name: if known == key { it.name.clone() } else { known },
            value: f64::from(it.count),
            end: None,
            shown: vec![number(it.count), share],
            color,
        }
    };
    bars(&heads(["report-what", "report-count", "report-share"]), named.iter().map(bar).collect())
}

fn handoffs(report: &Report) -> Part {
    let rate = report.handoffs_per_100.map(|rate| fill("report-handoffs-note", &number(rate)));
    (rate.unwrap_or_default(), counted(&report.handoffs, "cause-", "var(--thread)"))
}

/// Two counts, the wished one first.
fn pair(rows: &[(&str, u32, &'static str)]) -> AnyView {
    if rows.iter().all(|(_, count, _)| *count == 0) {
        return nothing();
    }
    let bar = |(name, count, color): &(&str, u32, &'static str)| Bar {
        name: say(name),
        value: f64::from(*count),
        end: None,
        shown: vec![number(*count)],
        color,
    };
    bars(&heads(["report-what", "report-count"]), rows.iter().map(bar).collect())
}

fn promises(report: &Report) -> Part {
    let rate = report.promises_kept_per_100.map(|rate| fill("report-promises-note", &number(rate)));
    let rows = [
        ("promises-kept", report.promises_kept, "var(--ok)"),
        ("promises-missed", report.promises_missed, "var(--bad)"),
    ];
    (rate.unwrap_or_default(), pair(&rows))
}

fn held(report: &Report) -> Part {
    (say("report-held-note"), counted(&report.held_back, "rule-", "var(--wait)"))
}

fn optouts(report: &Report) -> Part {
    if report.sequences.is_empty() {
        return (String::new(), nothing());
    }
    let bar = |it: &shared::api::report::SequenceSends| {
        let rate = it.opted_out_per_1000;
        Bar {
            name: it.sequence.clone(),
            value: rate.map_or(0.0, f64::from),
            end: None,
            shown: vec![rate.map_or_else(|| "–".to_owned(), number), number(it.opted_out), number(it.sent)],
            color: "var(--bad)",
        }
    };
    let heads = heads(["sequence", "report-per-1000", "opted-out", "state-sent"]);
    (say("report-optouts-note"), bars(&heads, report.sequences.iter().map(bar).collect()))
}

fn sources(report: &Report) -> Part {
    let sourced = report.answers.saturating_sub(report.answers_unsourced);
    let rows = [
        ("answers-sourced", sourced, "var(--ok)"),
        ("answers-unsourced", report.answers_unsourced, "--wait"),
    ];
    (String::new(), pair(&rows))
}

fn bookings(report: &Report) -> Part {
    let rows = [
        ("appointment-booked", report.booked, "var(--ok)"),
        ("appointment-cancelled", report.cancelled, "var(--wait)"),
        ("appointment-missed", report.no_shows, "var(--bad)"),
    ];
    (String::new(), pair(&rows))
}

fn people(report: &Report) -> Part {
    let rows =
        [("people-new", report.contacts, "var(--email)"), ("people-joined", report.joined, "--widget")];
    (say("report-people-note"), pair(&rows))
}
