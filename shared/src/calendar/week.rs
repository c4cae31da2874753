//! The week's hours in words, as the site's definition has them; times are the site's own.

use jiff::civil::Weekday;

use super::{WEEKDAYS, hours, local, relative_date, zone};
use crate::{phrases::Lang, site::Site, text, time::Timestamp};

/// The whole week in one sentence: "We are open Monday to Friday 9:00–18:00 and Saturday 10:00–16:00." Days without
/// hours are closed and named in a second sentence. `None` where the site has no hours.
pub fn week_sentence(site: &Site, lang: Lang) -> Option<String> {
    let days: Vec<String> = hours::KEYS.iter().map(|key| spans(site, key, lang)).collect();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for day in 0..7 {
        match runs.last_mut() {
            Some((first, last)) if days[*first] == days[day] => *last = day,
            _ => runs.push((day, day)),
        }
    }
    let named = |(first, last): (usize, usize)| {
        let (from, to) = (WEEKDAYS[lang as usize][first], WEEKDAYS[lang as usize][last]);
        match (last - first, lang) {
            (0, _) => from.to_owned(),
            (1, _) => format!("{from} {} {to}", and(lang)),
            (_, Lang::En) => format!("{from} to {to}"),
            (_, Lang::Es) => format!("{from} a {to}"),
        }
    };
    let (open, closed): (Vec<_>, Vec<_>) = runs.into_iter().partition(|(first, _)| !days[*first].is_empty());
    if open.is_empty() {
        return None;
    }
    let open: Vec<String> = open.into_iter().map(|run| format!("{} {}", named(run), days[run.0])).collect();
    let mut out = match lang {
        Lang::En => format!("We are open {}.", list(&open, lang)),
        Lang::Es => format!("Abrimos {}.", list(&open, lang)),
    };
    let closed: Vec<String> = closed.into_iter().map(named).collect();
    if !closed.is_empty() {
        let closed = list(&closed, lang);
        out.push_str(match lang {
            Lang::En => " We are closed ",
            Lang::Es => " Cerramos ",
        });
        out.push_str(&closed);
        out.push('.');
    }
    Some(out)
}

/// The hours of the day a question names (a weekday, "today", "tomorrow"), holidays considered: "We are closed today."
/// `None` where it names none, or where the site has no hours.
pub fn day_sentence(site: &Site, now: Timestamp, question: &str, lang: Lang) -> Option<String> {
    if site.hours.values().all(Vec::is_empty) {
        return None;
    }
    let words = text::words(question);
    let today = local(now, &zone(&site.time_zone)).date();
    let asked = words.iter().find_map(|word| match word.as_str() {
        "today" | "hoy" | "now" | "ahora" | "tonight" => Some(today),
        "tomorrow" | "manana" => today.tomorrow().ok(),
        _ => (0..7).map_while(|days| today.checked_add(jiff::Span::new().days(days)).ok()).find(|day| {
            let index = index_of(day.weekday());
            Lang::ALL.iter().any(|lang| {
                let name = text::fold(WEEKDAYS[*lang as usize][index]);
                *word == name || word.strip_suffix('s') == Some(&name)
            })
        }),
    })?;
    let holiday = hours::is_holiday(site, asked);
    let spans =
        if holiday { String::new() } else { spans(site, hours::KEYS[index_of(asked.weekday())], lang) };
    let day = relative_date(asked, today, lang);
    Some(match (spans.is_empty(), lang) {
        (true, Lang::En) => format!("We are closed {day}."),
        (true, Lang::Es) => format!("Cerramos {day}."),
        (false, Lang::En) => format!("We are open {day} {spans}."),
        (false, Lang::Es) => format!("Abrimos {day} {spans}."),
    })
}

fn index_of(day: Weekday) -> usize {
    usize::try_from(day.to_monday_zero_offset()).unwrap_or(0).min(6)
}

/// "9:00–12:00 and 13:00–18:00".
fn spans(site: &Site, key: &str, lang: Lang) -> String {
    let hours = site.hours.get(key).map_or(&[][..], Vec::as_slice);
    let bare = |time: &str| time.strip_prefix('0').filter(|rest| rest.len() == 4).unwrap_or(time).to_owned();
    let spans: Vec<String> = hours.iter().map(|(from, to)| format!("{}–{}", bare(from), bare(to))).collect();
    list(&spans, lang)
}

fn list(items: &[String], lang: Lang) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {} {last}", first.join(", "), and(lang)),
    }
}

const fn and(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "and",
        Lang::Es => "y",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        serde_json::from_str(include_str!("../../../examples/site/throughline.json")).unwrap()
    }

    #[test]
    fn the_week_is_said_in_runs_of_days() {
        let mut site = site();
        assert_eq!(
            week_sentence(&site, Lang::En).unwrap(),
            "We are open Monday to Friday 9:00–18:00 and Saturday 10:00–16:00. We are closed Sunday."
        );
        assert_eq!(
            week_sentence(&site, Lang::Es).unwrap(),
            "Abrimos lunes a viernes 9:00–18:00 y sábado 10:00–16:00. Cerramos domingo."
        );
        site.hours.clear();
        assert_eq!(week_sentence(&site, Lang::En), None);
    }

    #[test]
    fn a_named_day_is_answered_with_its_holidays() {
        let site = site();
        let now =
            Timestamp::from_ms("2026-11-25T18:00:00Z".parse::<jiff::Timestamp>().unwrap().as_millisecond());
        let say = |question, lang| day_sentence(&site, now, question, lang);
        assert_eq!(say("are you open tomorrow?", Lang::En).unwrap(), "We are closed tomorrow.");
        assert_eq!(say("open thursdays?", Lang::En).unwrap(), "We are closed tomorrow.");
        assert_eq!(say("saturday hours", Lang::En).unwrap(), "We are open on Saturday 10:00–16:00.");
        assert_eq!(say("¿abren el domingo?", Lang::Es).unwrap(), "Cerramos el domingo.");
        assert_eq!(say("what are your hours", Lang::En), None);
    }
}
