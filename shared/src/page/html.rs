//! The one writer of markup. Names of tags and attributes, and raw markup, are `&'static str`: only our own source can
//! hold them. Everything else is text and is escaped, in elements and attributes alike. Elements close themselves.

use crate::id::SiteId;

/// HTML being written.
#[derive(Debug, Default)]
pub(super) struct Html {
    out: String,
}

impl Html {
    /// Begins an element; [`Tag::inside`], [`Tag::text`] or [`Tag::void`] ends it.
    pub(super) fn tag(&mut self, name: &'static str) -> Tag<'_> {
        self.out.push('<');
        self.out.push_str(name);
        Tag { html: self, name }
    }

    /// Text, escaped.
    pub(super) fn text(&mut self, text: &str) {
        escape(&mut self.out, text);
    }

    /// Markup out of our own source.
    pub(super) fn raw(&mut self, markup: &'static str) {
        self.out.push_str(markup);
    }

    /// Text somebody wrote, with its `http` and `https` addresses as links. Line breaks stay; the sheet shows them.
    pub(super) fn prose(&mut self, text: &str) {
        let mut rest = text;
        while let Some(start) = ["https://", "http://"].iter().filter_map(|scheme| rest.find(scheme)).min() {
            let (before, from) = rest.split_at(start);
            let end = from.find(|c: char| c.is_whitespace() || "<>\"'`".contains(c)).unwrap_or(from.len());
            let url = from[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '}', '…']);
            self.text(before);
            self.tag("a")
                .attr("href", url)
                .attr("rel", "noreferrer noopener")
                .attr("target", "_blank")
                .text(url);
            rest = &from[url.len()..];
        }
        self.text(rest);
    }

    /// The whole text.
    pub(super) fn into_string(self) -> String {
        self.out
    }
}

/// An element whose start is being written.
#[must_use]
pub(super) struct Tag<'h> {
    html: &'h mut Html,
    name: &'static str,
}

impl Tag<'_> {
    /// An attribute.
    pub(super) fn attr(self, name: &'static str, value: &str) -> Self {
        self.html.out.push(' ');
        self.html.out.push_str(name);
        self.html.out.push_str("=\"");
        escape(&mut self.html.out, value);
        self.html.out.push('"');
        self
    }

    /// An attribute that stands only sometimes.
    pub(super) fn attr_if(self, stands: bool, name: &'static str, value: &str) -> Self {
        if stands { self.attr(name, value) } else { self }
    }

    /// The class.
    pub(super) fn class(self, value: &str) -> Self {
        self.attr("class", value)
    }

    /// The element's content.
    pub(super) fn inside(self, content: impl FnOnce(&mut Html)) {
        self.html.out.push('>');
        content(self.html);
        self.html.out.push_str("</");
        self.html.out.push_str(self.name);
        self.html.out.push('>');
    }

    /// The element's content, where it is only text.
    pub(super) fn text(self, text: &str) {
        self.inside(|html| html.text(text));
    }

    /// Ends an element that never has content.
    pub(super) fn void(self) {
        self.html.out.push('>');
    }
}

/// Escapes for elements and double-quoted attributes; control characters HTML has no place for become U+FFFD.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}

/// A path with a query, `site` first where the page was asked for by it; values are percent-encoded.
pub(super) fn path(base: &'static str, site: Option<&SiteId>, query: &[(&'static str, &str)]) -> String {
    let site = site.map(|site| ("site", site.as_str()));
    if site.is_none() && query.is_empty() {
        return base.to_owned();
    }
    let mut out = form_urlencoded::Serializer::new(String::new());
    out.extend_pairs(site).extend_pairs(query);
    format!("{base}?{}", out.finish())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn prose(text: &str) -> String {
        let mut html = Html::default();
        html.prose(text);
        html.into_string()
    }

    #[test]
    fn hostile_text_stays_text_in_elements_and_attributes() {
        let mut html = Html::default();
        html.tag("p")
            .attr("title", "\" onmouseover=\"alert(1)")
            .text("<script>alert('1')</script>&amp;\u{0}");
        assert_eq!(
            html.into_string(),
            "<p title=\"&quot; onmouseover=&quot;alert(1)\">&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;\u{fffd}</p>"
        );
    }

    #[test]
    fn web_addresses_become_links_and_nothing_else_does() {
        assert_eq!(
            prose("Book (https://larkspur.example/book?a=1&b=2)."),
            "Book (<a href=\"https://larkspur.example/book?a=1&amp;b=2\" rel=\"noreferrer noopener\" \
             target=\"_blank\">https://larkspur.example/book?a=1&amp;b=2</a>)."
        );
        for text in ["javascript:alert(1)", "data:text/html,x", "ftp://a.example"] {
            assert!(!prose(text).contains("<a"), "{text}");
        }
        assert!(!prose("https://x\"onclick=alert(1)").contains("\"onclick"));
    }

    #[test]
    fn a_query_cannot_leave_its_value() {
        assert_eq!(path("/sandbox", None, &[("mail", "a&b=\"c\"")]), "/sandbox?mail=a%26b%3D%22c%22");
        assert_eq!(path("/sandbox", None, &[]), "/sandbox");
        let site = SiteId::parse("ste_larkspur").unwrap();
        assert_eq!(path("/sandbox", Some(&site), &[("person", "1")]), "/sandbox?site=ste_larkspur&person=1");
    }

    proptest! {
        #[test]
        fn no_text_brings_markup_of_its_own(text in any::<String>(), tail in "(https?://)?[<>\"'&a]{0,12}") {
            let out = prose(&format!("{text}{tail}"));
            let bare = out.replace("</a>", "");
            for piece in bare.split('<').skip(1) {
                prop_assert!(piece.starts_with("a href=\"http"), "{out}");
            }
        }
    }
}
