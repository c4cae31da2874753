//! Reports, from the counts of each day: reading one costs by its days, whatever was said on them.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::digest::digest;
use crate::{
    api::report::{Day, FirstAnswer, Named, Report, SequenceSends},
    channel::Channel,
    ctx::Ctx,
    error::Rejection,
    flow::{FlowError, Scope},
    store::{
        Db,
        digests::{self, OfDay},
    },
    work::tally::bucket_seconds,
};

/// The longest span, in days.
const MAX_DAYS: i32 = 366;

/// The report of a span of days, both ends included, `YYYY-MM-DD` on the site's calendar. Refuses what is no span, or more
/// than a year (`bad_days`).
pub async fn load_report<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    from: &str,
    to: &str,
) -> Result<Report, FlowError> {
    let bad =
        || Rejection::new(400, "bad_days", "`from` and `to` take days such as 2026-11-01, within one year.");
    let day = |text: &str| text.parse::<Date>().map_err(|_| bad());
    let (from, to) = (day(from)?, day(to)?);
    let days = to.since(from).map_err(|_| bad())?.get_days();
    if !(0..MAX_DAYS).contains(&days) {
        return Err(bad().into());
    }
    digest(scope, ctx).await?;
    let (site, from, to) = (&scope.site.id, from.to_string(), to.to_string());
    let stmts = [digests::counted(site, &from, &to), digests::by_day(site, &from, &to)];
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let mut next = || rows.next().unwrap_or_default();
    let counts = digests::decode_counts(next())?;
    let days = next().decode_all::<OfDay>()?;
    Ok(Report { from, to, days: by_day(days), ..report(&counts) })
}

/// The report of what was counted, without its days.
fn report(counts: &BTreeMap<String, u32>) -> Report {
    let of = |name: &str| counts.get(name).copied().unwrap_or(0);
    let handoffs = named(counts, "handoff.");
    let called: u32 = handoffs.iter().map(|handoff| handoff.count).sum();
    let (kept, missed) = (of("promise.kept"), of("promise.missed"));
    let (talks, contacts, joined) = (of("talks"), of("contacts"), of("joined"));
    let sequences = named(counts, "sent.").into_iter().map(|Named { name, count: sent }| {
        let opted_out = of(&format!("optout.{name}"));
        SequenceSends { sequence: name, sent, opted_out, opted_out_per_1000: per(1_000, opted_out, sent) }
    });
    Report {
        from: String::new(),
        to: String::new(),
        first_answers: first_answers(counts),
        talks,
        handoffs,
        handoffs_per_100: per(100, called, talks),
        promises_kept: kept,
        promises_missed: missed,
        promises_kept_per_100: per(100, kept, kept + missed),
        held_back: named(counts, "held."),
        sequences: sequences.collect(),
        answers: of("answers"),
        answers_unsourced: of("answers.unsourced"),
        booked: of("booked"),
        cancelled: of("cancelled"),
        no_shows: of("no_show"),
        contacts,
        joined,
        joined_per_100: per(100, joined, contacts),
        days: Vec::new(),
    }
}

/// What stands under a word, the most frequent first.
fn named(counts: &BTreeMap<String, u32>, prefix: &str) -> Vec<Named> {
    let under = counts.iter().filter_map(|(name, count)| Some((name.strip_prefix(prefix)?, *count)));
    let mut named: Vec<Named> = under.map(|(name, count)| Named { name: name.to_owned(), count }).collect();
    named.sort_by_key(|named| core::cmp::Reverse(named.count));
    named
}

/// So many of `base` of `all`, rounded; none of nothing.
fn per(base: u32, some: u32, all: u32) -> Option<u32> {
    let (base, some, all) = (u64::from(base), u64::from(some), u64::from(all));
    let rounded = (some * base + all / 2).checked_div(all)?;
    u32::try_from(rounded).ok()
}

fn first_answers(counts: &BTreeMap<String, u32>) -> Vec<FirstAnswer> {
    let mut waits: BTreeMap<(Channel, &str), BTreeMap<u32, u32>> = BTreeMap::new();
    for (name, count) in counts {
        let mut parts = name.split('.');
        if parts.next() != Some("answer") {
            continue;
        }
        let (Some(channel), Some(by)) = (parts.next().and_then(Channel::parse), parts.next()) else {
            continue;
        };
        let Some(bucket) = parts.next().and_then(|bucket| bucket.parse().ok()) else { continue };
        *waits.entry((channel, by)).or_default().entry(bucket).or_default() += count;
    }
    let answers = waits.into_iter().map(|((channel, by), buckets)| FirstAnswer {
        channel,
        by: by.to_owned(),
        count: buckets.values().sum(),
        median_s: within(&buckets, 50),
        p90_s: within(&buckets, 90),
    });
    answers.collect()
}

/// The shortest time within which so many of a hundred fall.
fn within(buckets: &BTreeMap<u32, u32>, percent: u64) -> u64 {
    let all: u64 = buckets.values().map(|count| u64::from(*count)).sum();
    let wanted = (all * percent).div_ceil(100).max(1);
    let mut counted = 0;
    for (bucket, count) in buckets {
        counted += u64::from(*count);
        if counted >= wanted {
            return bucket_seconds(*bucket);
        }
    }
    0
}

fn by_day(rows: Vec<OfDay>) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for OfDay { day, name, count } in rows {
        if days.last().is_none_or(|last| last.day != day) {
            days.push(Day { day, ..Day::default() });
        }
        let Some(last) = days.last_mut() else { continue };
        match name.as_str() {
            "talks" => last.talks = count,
            "answers" => last.answers = count,
            "contacts" => last.contacts = count,
            "booked" => last.booked = count,
            _ => {}
        }
    }
    days
}

/// The report as a table (RFC 4180): `part,name,value`. What a spreadsheet would take for a formula is only text.
pub fn csv(report: &Report) -> String {
    let mut out = String::from("part,name,value\r\n");
    let mut row = |part: &str, name: &str, value: String| {
        out.extend([&*cell(part), ",", &cell(name), ",", &cell(&value), "\r\n"]);
    };
    row("days", "from", report.from.clone());
    row("days", "to", report.to.clone());
    for answer in &report.first_answers {
        let part = format!("first answer by {}", answer.by);
        let channel = answer.channel.as_str();
        row(&part, &format!("{channel} count"), answer.count.to_string());
        row(&part, &format!("{channel} median seconds"), answer.median_s.to_string());
        row(&part, &format!("{channel} 90th percentile seconds"), answer.p90_s.to_string());
    }
    let all = [
        ("talks", report.talks),
        ("answers", report.answers),
        ("answers without a source", report.answers_unsourced),
        ("promises kept", report.promises_kept),
        ("promises missed", report.promises_missed),
        ("booked", report.booked),
        ("cancelled", report.cancelled),
        ("no-shows", report.no_shows),
        ("new contacts", report.contacts),
        ("joined contacts", report.joined),
    ];
    for (name, count) in all {
        row("count", name, count.to_string());
    }
    for (part, named) in [("handoff", &report.handoffs), ("held back", &report.held_back)] {
        for Named { name, count } in named {
            row(part, name, count.to_string());
        }
    }
    for sends in &report.sequences {
        row("sent by sequence", &sends.sequence, sends.sent.to_string());
        row("opted out after sequence", &sends.sequence, sends.opted_out.to_string());
    }
    for day in &report.days {
        row("talks of a day", &day.day, day.talks.to_string());
    }
    out
}

fn cell(text: &str) -> String {
    let safe =
        if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if safe.contains([',', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_waits_to_within_an_eighth() {
        use crate::work::tally::bucket;
        let waits: Vec<i64> = (1..=100).map(|wait| wait * 60).collect();
        let mut counts = BTreeMap::new();
        for wait in &waits {
            *counts.entry(format!("answer.sms.person.{}", bucket(wait * 1_000))).or_default() += 1;
        }
        let answers = report(&counts).first_answers;
        assert_eq!((answers.len(), answers[0].count), (1, 100));
        for (told, exact) in [(answers[0].median_s, 50 * 60), (answers[0].p90_s, 90 * 60)] {
            assert!(told <= exact && exact - told <= told / 8, "{told} for {exact}");
        }
    }

    #[test]
    fn a_table_holds_no_formula_and_no_open_quote() {
        let sequence = "=HYPERLINK(\"x\"), \"a\"".to_owned();
        let sequences = vec![SequenceSends { sequence, sent: 1, opted_out: 0, opted_out_per_1000: Some(0) }];
        let table = csv(&Report { sequences, ..Report::default() });
        assert!(table.contains("sent by sequence,\"'=HYPERLINK(\"\"x\"\"), \"\"a\"\"\",1\r\n"), "{table}");
        assert!(table.lines().all(|line| line.matches('"').count() % 2 == 0));
    }

    #[test]
    fn shares_are_rounded_and_there_are_none_of_nothing() {
        assert_eq!(
            (per(100, 1, 3), per(100, 2, 3), per(1_000, 0, 7), per(100, 0, 0)),
            (Some(33), Some(67), Some(0), None)
        );
    }
}
