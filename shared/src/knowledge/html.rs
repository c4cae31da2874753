//! From a page to Markdown: its headings stay headings, and what stands around the content falls away.
//!
//! One pass over the text for each kind of element, no tree; total and linear. The result is read by [`super::passages`].

use crate::channel::email::html::text_of_html;

/// Elements that are no content of the page's own.
const AROUND: [&str; 9] =
    ["script", "style", "nav", "footer", "aside", "form", "svg", "noscript", "template"];

/// The Markdown of a page; its title is the first heading where it has none of the first level.
pub fn markdown_of_html(html: &str) -> String {
    let title = inner(html, "title").map(text_of_html).unwrap_or_default();
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut body = html.to_owned();
    for name in AROUND {
        body = without(&body, name);
    }
    let main = inner(&body, "main").map(str::to_owned).unwrap_or(body);
    let (marked, has_first) = mark_headings(&main);
    let text = text_of_html(&marked).replace('<', "\\<");
    // Lines of a page are paragraphs of their own, unless they are items of a list.
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty()).collect();
    let mut out = String::new();
    if !has_first && !title.is_empty() {
        out.push_str(&["# ", &title.replace('<', "\\<"), "\n\n"].concat());
    }
    for line in lines {
        out.push_str(line);
        out.push_str(if line.trim_start().starts_with("- ") { "\n" } else { "\n\n" });
    }
    out
}

/// Where an element of a name opens, from a place on, in text of lower case.
fn opening(lower: &str, name: &str, from: usize) -> Option<usize> {
    let needle = format!("<{name}");
    let mut at = from;
    while let Some(found) = lower.get(at..)?.find(&needle) {
        let place = at + found;
        let after = lower.as_bytes().get(place + needle.len());
        if after.is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-') {
            return Some(place);
        }
        at = place + needle.len();
    }
    None
}

/// What stands inside the first element of a name.
fn inner<'h>(html: &'h str, name: &str) -> Option<&'h str> {
    let lower = html.to_ascii_lowercase();
    let open = opening(&lower, name, 0)?;
    let from = open + lower[open..].find('>')? + 1;
    let end = lower[from..].rfind(&format!("</{name}")).filter(|_| name == "main");
    let end = end.or_else(|| lower[from..].find(&format!("</{name}")));
    Some(&html[from..end.map_or(html.len(), |end| from + end)])
}

/// The page without elements of a name; one that does not end hides the rest.
fn without(html: &str, name: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let close = format!("</{name}");
    let (mut out, mut at) = (String::with_capacity(html.len()), 0);
    while let Some(open) = opening(&lower, name, at) {
        out.push_str(&html[at..open]);
        let Some(end) = lower[open..].find(&close) else { return out };
        let end = open + end;
        at = lower[end..].find('>').map_or(html.len(), |offset| end + offset + 1);
    }
    out.push_str(&html[at..]);
    out
}

/// Puts Markdown's marks before the text of headings, and tells whether one is of the first level.
fn mark_headings(html: &str) -> (String, bool) {
    let bytes = html.as_bytes();
    let (mut out, mut at, mut has_first) = (String::with_capacity(html.len()), 0, false);
    while let Some(offset) = html[at..].find("<h").or_else(|| html[at..].find("<H")) {
        let place = at + offset;
        let level = bytes.get(place + 2).filter(|byte| (b'1'..=b'6').contains(byte)).map(|byte| byte - b'0');
        let ends = bytes.get(place + 3).is_some_and(|byte| !byte.is_ascii_alphanumeric());
        let close = html[place..].find('>').map(|close| place + close + 1);
        let (Some(level), true, Some(close)) = (level, ends, close) else {
            out.push_str(&html[at..place + 2]);
            at = place + 2;
            continue;
        };
        has_first |= level == 1;
        out.push_str(&html[at..close]);
        out.push_str(&"#".repeat(level.into()));
        out.push(' ');
        at = close;
    }
    out.push_str(&html[at..]);
    (out, has_first)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::knowledge::passages;

    #[test]
    fn a_page_becomes_passages_under_its_headings() {
        let html = "<!doctype html><html><head><title>Prices | Larkspur</title><style>h1{}</style></head><body>\
            <nav><ul><li><a href='/'>Home</a></li></ul></nav><main><h1>Prices</h1><p>All prices with tax.</p>\
            <h2 class=x>Tune-up</h2><p>A basic tune-up is <b>$85</b>.</p><ul><li>brakes</li><li>gears</li></ul>\
            <script>track('<h2>no</h2>')</script></main><footer>Imprint</footer></body></html>";
        let found = passages("pages/prices", &markdown_of_html(html));
        let told: Vec<(&str, &str)> =
            found.iter().map(|it| (it.heading.as_str(), it.text.as_str())).collect();
        assert_eq!(found[0].title, "Prices");
        assert_eq!(told[0], ("Prices", "All prices with tax."));
        assert_eq!(told[1].0, "Tune-up");
        assert!(told[1].1.contains("$85") && told[1].1.contains("brakes") && told.len() == 2, "{told:?}");
    }

    #[test]
    fn a_page_without_a_heading_is_called_by_its_title() {
        let found =
            passages("pages/x", &markdown_of_html("<title>Our\n bikes</title><div>We rent bikes.</div>"));
        assert_eq!((found[0].title.as_str(), found[0].text.as_str()), ("Our bikes", "We rent bikes."));
    }

    proptest! {
        #[test]
        fn any_text_gives_markdown(html in "(<(/)?(h1|H2|main|nav|p|script)[^>]{0,3}>?|[a-zé< >]{0,6}){0,30}") {
            passages("x", &markdown_of_html(&html));
        }
    }
}
