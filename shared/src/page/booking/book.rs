//! The booking page: a service, a time, and who comes. Each step is a link of its own; the last is a form that posts.

use super::{
    Frame, Times, framed, moment,
    times::{folded_zones, times},
    trouble,
};
use crate::{
    appointment::booker::{Booker, Field, MAX_NAME_CHARS},
    calendar,
    id::ServiceId,
    page::{html::Html, shell::hidden},
    phrases::booking_page as words,
    time::Timestamp,
};

/// The field that people do not see: whatever fills it in is a machine.
pub const TRAP: &str = "website";

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookView {
    /// What stands around it.
    pub frame: Frame,
    /// How far the visitor has come.
    pub step: Step,
    /// As whom they book, on a personal link.
    pub owner: Option<Owner>,
    /// What could not be done, where it belongs to no field.
    pub trouble: Option<String>,
}

/// As whom a personal link books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// What they are called; empty where that is not known.
    pub name: String,
    /// Their address, masked: whoever was given the link by mistake reads no more of it.
    pub shown: String,
    /// The site's own page, for anybody else.
    pub elsewhere: String,
}

/// How far the visitor has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// They choose a service.
    Services(Vec<Offer>),
    /// They choose a time for it.
    Times(Offer, Times),
    /// They say who they are.
    Details(Box<Details>),
}

/// A service as it is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Which.
    pub id: ServiceId,
    /// What people call it.
    pub name: String,
    /// How long it takes, in minutes.
    pub duration_min: u32,
    /// There are others to choose from.
    pub has_others: bool,
}

/// The last step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// The service.
    pub offer: Offer,
    /// The time that was chosen, and its end; none where it is gone.
    pub time: Option<(Timestamp, Timestamp)>,
    /// What is free instead of a time that is gone.
    pub instead: Vec<Timestamp>,
    /// What was typed so far.
    pub booker: Booker,
    /// The note that was typed.
    pub note: String,
    /// The fields that cannot be taken, and why.
    pub wrong: Vec<(Field, String)>,
    /// Makes the form one arrival, and says that it is ours.
    pub token: String,
}

/// The page.
pub fn book(view: &BookView) -> String {
    let (frame, lang) = (&view.frame, view.frame.lang);
    match &view.step {
        Step::Services(offers) => framed(frame, words::book_heading(lang), &[], |html| {
            told(html, view);
            html.tag("ul").class("offers").inside(|html| {
                for offer in offers {
                    html.tag("li").inside(|html| {
                        let to = frame.to(&[("service", offer.id.as_str())]);
                        html.tag("a").attr("href", &to).inside(|html| named(html, frame, offer));
                    });
                }
            });
        }),
        Step::Times(offer, free) => {
            let here = [("service", offer.id.as_str())];
            framed(frame, words::time_heading(lang), &here, |html| {
                told(html, view);
                chosen(html, frame, offer);
                times(html, frame, free, &here);
            })
        }
        Step::Details(details) => {
            let start = details.time.map_or_else(String::new, |(start, _)| start.ms().to_string());
            let mut here = vec![("service", details.offer.id.as_str())];
            if !start.is_empty() {
                here.push(("start", start.as_str()));
            }
            framed(frame, words::details_heading(lang), &here, |html| {
                told(html, view);
                summary(html, view, details);
                if let Some((start, end)) = details.time {
                    html.tag("div").class("card").inside(|html| {
                        html.tag("p").class("what").text(&details.offer.name);
                        moment(html, frame, start, end);
                        html.tag("p").class("where").inside(|html| other_time(html, frame, details));
                    });
                    folded_zones(html, frame, &here);
                } else {
                    chosen(html, frame, &details.offer);
                }
                form(html, view, details);
            })
        }
    }
}

fn told(html: &mut Html, view: &BookView) {
    if let Some(text) = &view.trouble {
        trouble(html, text);
    }
}

fn named(html: &mut Html, frame: &Frame, offer: &Offer) {
    html.tag("b").text(&offer.name);
    html.text(" ");
    html.tag("span").class("soft").text(&words::duration(frame.lang, offer.duration_min));
}

/// The service that was chosen, and the way back to the others.
fn chosen(html: &mut Html, frame: &Frame, offer: &Offer) {
    html.tag("p").class("chosen").inside(|html| {
        named(html, frame, offer);
        if offer.has_others {
            html.text(" ");
            html.tag("a").attr("href", &frame.to(&[])).text(words::other_service(frame.lang));
        }
    });
}

fn other_time(html: &mut Html, frame: &Frame, details: &Details) {
    let to = frame.to(&[("service", details.offer.id.as_str())]);
    html.tag("a").attr("href", &to).text(words::other_time(frame.lang));
}

/// Every field that cannot be taken, each a link to it.
fn summary(html: &mut Html, view: &BookView, details: &Details) {
    if details.wrong.is_empty() {
        return;
    }
    html.tag("div").class("notice bad").attr("role", "alert").inside(|html| {
        html.tag("p").text(words::please_check(view.frame.lang));
        html.tag("ul").inside(|html| {
            for (field, why) in &details.wrong {
                html.tag("li").inside(|html| {
                    html.tag("a").attr("href", &format!("#{}", field.as_str())).text(why);
                });
            }
        });
    });
}

fn form(html: &mut Html, view: &BookView, details: &Details) {
    let (frame, lang) = (&view.frame, view.frame.lang);
    html.tag("form").class("details").attr("method", "post").attr("action", &frame.path).inside(|html| {
        frame.keep(html, "");
        hidden(html, "form", &details.token);
        hidden(html, "service", details.offer.id.as_str());
        match details.time {
            Some((start, _)) => hidden(html, "start", &start.ms().to_string()),
            None => instead(html, frame, details),
        }
        if let Some(owner) = &view.owner {
            known(html, frame, owner);
        } else {
            let Booker { name, email, phone } = &details.booker;
            line(html, frame, details, (Field::Name, "text", "name", name));
            line(html, frame, details, (Field::Email, "email", "email", email));
            line(html, frame, details, (Field::Phone, "tel", "tel", phone));
        }
        labelled(html, frame, details, Field::Note, |html, about| {
            let mut area = html.tag("textarea").attr("id", "note").attr("name", "note").attr("rows", "3");
            area = area.attr("maxlength", "500");
            described(area, about).text(&details.note);
        });
        html.tag("p").class("trap").attr("aria-hidden", "true").inside(|html| {
            html.tag("label").attr("for", TRAP).text(words::trap(lang));
            html.tag("input")
                .attr("id", TRAP)
                .attr("name", TRAP)
                .attr("type", "text")
                .attr("tabindex", "-1")
                .attr("autocomplete", "off")
                .void();
        });
        html.tag("button").class("loud").text(words::book_button(lang));
        html.tag("p").class("soft").text(&words::used_for(lang, &frame.site_name));
    });
}

/// Who books, where that is known.
fn known(html: &mut Html, frame: &Frame, owner: &Owner) {
    html.tag("p").class("known").inside(|html| {
        html.tag("span").class("soft").text(words::books_as(frame.lang));
        html.text(" ");
        if !owner.name.is_empty() {
            html.tag("b").text(&owner.name);
            html.text(" ");
        }
        html.tag("span").class("soft").attr("dir", "ltr").text(&owner.shown);
        html.text(" ");
        html.tag("a").attr("href", &owner.elsewhere).text(words::not_you(frame.lang));
    });
}

/// Other times, where the one that was chosen is gone.
fn instead(html: &mut Html, frame: &Frame, details: &Details) {
    let lang = frame.lang;
    html.tag("fieldset").attr("id", Field::Start.as_str()).inside(|html| {
        html.tag("legend").text(words::instead(lang));
        if let Some(why) = wrong(details, Field::Start) {
            html.tag("p").class("wrong").text(why);
        }
        for start in &details.instead {
            html.tag("label").class("pick").inside(|html| {
                html.tag("input")
                    .attr("type", "radio")
                    .attr("name", "start")
                    .attr("value", &start.ms().to_string())
                    .attr("required", "")
                    .void();
                let (weekday, date) = (
                    calendar::weekday(*start, &frame.zone, lang),
                    calendar::local_date(*start, &frame.zone, lang),
                );
                html.tag("b").text(&calendar::local_time(*start, &frame.zone));
                html.text(" ");
                html.tag("span").text(&format!("{weekday}, {date}"));
            });
        }
        html.tag("p").class("soft").inside(|html| {
            html.text(&words::in_zone(lang, &crate::page::when::zone_name(&frame.zone)));
            html.text(" · ");
            other_time(html, frame, details);
        });
    });
}

fn line(
    html: &mut Html,
    frame: &Frame,
    details: &Details,
    (field, kind, autocomplete, value): (Field, &str, &str, &str),
) {
    labelled(html, frame, details, field, |html, about| {
        let input = html
            .tag("input")
            .attr("id", field.as_str())
            .attr("name", field.as_str())
            .attr("type", kind)
            .attr("autocomplete", autocomplete)
            .attr("value", value)
            .attr_if(field == Field::Name, "maxlength", &MAX_NAME_CHARS.to_string())
            .attr_if(field != Field::Phone, "required", "");
        described(input, about).void();
    });
}

/// What describes an input: the ids of its hint and of what is wrong, and whether anything is.
struct About {
    ids: String,
    is_wrong: bool,
}

fn described<'h>(tag: crate::page::html::Tag<'h>, about: &About) -> crate::page::html::Tag<'h> {
    tag.attr_if(!about.ids.is_empty(), "aria-describedby", &about.ids).attr_if(
        about.is_wrong,
        "aria-invalid",
        "true",
    )
}

/// A label, a hint, what is wrong, and the input.
fn labelled(
    html: &mut Html,
    frame: &Frame,
    details: &Details,
    field: Field,
    input: impl FnOnce(&mut Html, &About),
) {
    let name = field.as_str();
    let (hint, why) = (words::hint(frame.lang, field), wrong(details, field));
    html.tag("div").class("field").inside(|html| {
        html.tag("label").attr("for", name).text(words::label(frame.lang, field));
        let mut ids = Vec::new();
        if !hint.is_empty() {
            let id = format!("{name}-hint");
            html.tag("p").class("soft").attr("id", &id).text(hint);
            ids.push(id);
        }
        if let Some(why) = why {
            let id = format!("{name}-wrong");
            html.tag("p").class("wrong").attr("id", &id).text(why);
            ids.push(id);
        }
        input(html, &About { ids: ids.join(" "), is_wrong: why.is_some() });
    });
}

fn wrong(details: &Details, field: Field) -> Option<&str> {
    details.wrong.iter().find(|(wrong, _)| *wrong == field).map(|(_, why)| why.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phrases::Lang;

    const START: Timestamp = Timestamp::from_ms(1_795_816_800_000);

    fn offer() -> Offer {
        let id = ServiceId::parse("svc_1").unwrap();
        Offer { id, name: "Tune-up & <wash>".into(), duration_min: 90, has_others: true }
    }

    fn view(step: Step) -> BookView {
        let frame = Frame {
            lang: Lang::En,
            site_name: "Larkspur".into(),
            address: "1 Main St".into(),
            phone: String::new(),
            path: "/book/ste_1".into(),
            zone: "Europe/Madrid".into(),
            home: "Europe/Madrid".into(),
            chosen: vec![("lang", "en".into()), ("zone", "Europe/Madrid".into())],
        };
        BookView { frame, step, owner: None, trouble: None }
    }

    fn details(wrong: &[Field]) -> Details {
        Details {
            offer: offer(),
            time: Some((START, START.plus_ms(5_400_000))),
            instead: Vec::new(),
            booker: Booker { name: "\"><script>".into(), email: "a@b".into(), phone: String::new() },
            note: "</textarea><script>".into(),
            wrong: wrong.iter().map(|field| (*field, format!("wrong {}", field.as_str()))).collect(),
            token: "t.a".into(),
        }
    }

    #[test]
    fn services_and_times_are_links_that_keep_language_and_zone() {
        let page = book(&view(Step::Services(vec![offer()])));
        assert!(
            page.contains("href=\"/book/ste_1?lang=en&amp;zone=Europe%2FMadrid&amp;service=svc_1\""),
            "{page}"
        );
        assert!(page.contains("Tune-up &amp; &lt;wash&gt;") && page.contains("1 h 30 min"));
        let page = book(&view(Step::Times(offer(), Times::default())));
        assert!(
            page.contains("No time is free") && page.contains("name=\"service\" value=\"svc_1\""),
            "{page}"
        );
        assert!(
            page.contains("href=\"/book/ste_1?zone=Europe%2FMadrid&amp;service=svc_1&amp;lang=es\""),
            "{page}"
        );
    }

    #[test]
    fn the_form_works_without_a_script_and_lets_nothing_typed_out_of_its_field() {
        let page = book(&view(Step::Details(Box::new(details(&[])))));
        assert!(
            !page.contains("<script") && page.contains("&lt;/textarea&gt;&lt;script&gt;</textarea>"),
            "{page}"
        );
        assert!(page.contains("<form class=\"details\" method=\"post\" action=\"/book/ste_1\">"));
        for (name, value) in [("form", "t.a"), ("service", "svc_1"), ("zone", "Europe/Madrid")] {
            assert!(page.contains(&format!("type=\"hidden\" name=\"{name}\" value=\"{value}\"")), "{name}");
        }
        for id in ["name", "email", "phone", "note", TRAP] {
            assert!(
                page.contains(&format!("for=\"{id}\"")) && page.contains(&format!(" id=\"{id}\"")),
                "{id}"
            );
        }
        assert!(!page.contains("aria-invalid=") && !page.contains("role=\"alert\""));
    }

    #[test]
    fn who_is_known_types_nothing_of_themselves_and_reads_the_clock_of_both_places() {
        let owner = Owner {
            name: "Ana <b>".into(),
            shown: "a•••@mail.example".into(),
            elsewhere: "/book/ste_1".into(),
        };
        let mut view = BookView { owner: Some(owner), ..view(Step::Details(Box::new(details(&[])))) };
        view.frame.path = "/book/t.a".into();
        view.frame.home = "America/Los_Angeles".into();
        let page = book(&view);
        assert!(page.contains("<b>Ana &lt;b&gt;</b>") && page.contains("a•••@mail.example"), "{page}");
        assert!(page.contains("href=\"/book/ste_1\"") && page.contains("action=\"/book/t.a\""), "{page}");
        for field in ["name", "email", "phone"] {
            assert!(!page.contains(&format!("name=\"{field}\"")), "{field}: {page}");
        }
        assert!(page.contains("23:00–0:30") && page.contains("Madrid time"), "{page}");
        assert!(page.contains("With us: Friday, 27 November 2026 at 14:00 (Los Angeles time)"), "{page}");
    }

    #[test]
    fn what_is_wrong_stands_beside_its_field_and_above_the_form() {
        let page = book(&view(Step::Details(Box::new(details(&[Field::Email, Field::Note])))));
        assert!(
            page.contains("role=\"alert\"") && page.contains("href=\"#email\">wrong email</a>"),
            "{page}"
        );
        assert!(page.contains("aria-describedby=\"email-hint email-wrong\" aria-invalid=\"true\""), "{page}");
        assert_eq!(page.matches("aria-invalid=").count(), 2);
        let gone = Details { time: None, instead: vec![START], ..details(&[Field::Start]) };
        let page = book(&view(Step::Details(Box::new(gone))));
        assert!(page.contains("<fieldset id=\"start\">") && page.contains("href=\"#start\""), "{page}");
        assert!(page.contains("<b>23:00</b> <span>Friday, 27 November 2026</span>"), "{page}");
    }
}
