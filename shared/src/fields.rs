//! The fields of a query or of a posted form, as text. Total: what is none is empty.

/// How many fields are read, at most.
const MAX_FIELDS: usize = 32;

/// Named fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `application/x-www-form-urlencoded` bytes, which a query is as well.
    pub fn parse(bytes: &[u8]) -> Self {
        Self(form_urlencoded::parse(bytes).into_owned().take(MAX_FIELDS).collect())
    }

    /// Reads a posted body; `None` where its media type is another.
    pub fn parse_post(content_type: &str, body: &[u8]) -> Option<Self> {
        let kind = content_type.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/x-www-form-urlencoded").then(|| Self::parse(body))
    }

    /// The first field of a name, without the spaces around it; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_name_and_a_missing_one_is_empty() {
        let fields = Fields::parse(b"a=1&b=%20two+words&a=3&=x");
        assert_eq!((fields.get("a"), fields.get("b"), fields.get("c")), ("1", "two words", ""));
        let kind = "Application/X-WWW-Form-Urlencoded; charset=utf-8";
        assert_eq!(Fields::parse_post(kind, b"a=1").unwrap().get("a"), "1");
        assert_eq!(Fields::parse_post("application/json", b"a=1"), None);
    }
}
