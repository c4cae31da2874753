//! Rows as a database answers them: values under the names of their columns, read once into a type.
//!
//! The rows of one answer share their names, so that a row costs no more than its values.

use std::rc::Rc;

use serde::de::{DeserializeOwned, value::MapDeserializer};
use serde_json::Value;

use super::DbError;

/// The names of an answer's columns, in order.
pub type Columns = Rc<[Box<str>]>;

/// A row: column names to values. Two rows are the same whatever the order of their columns.
#[derive(Clone, Debug)]
pub struct Row {
    columns: Columns,
    values: Vec<Value>,
}

impl Row {
    /// A row of values, one per column and in the same order.
    pub const fn new(columns: Columns, values: Vec<Value>) -> Self {
        Self { columns, values }
    }

    /// The value under a name; `None` where there is no such column.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let place = self.columns.iter().position(|column| **column == *name)?;
        self.values.get(place)
    }

    /// The row as a struct whose fields are named like the columns. A missing column or another type is
    /// [`DbError::Corrupt`].
    pub fn decode<T: DeserializeOwned>(self) -> Result<T, DbError> {
        let fields = self.columns.iter().map(|column| &**column).zip(self.values);
        T::deserialize(MapDeserializer::new(fields))
            .map_err(|error: serde_json::Error| DbError::Corrupt(error.to_string()))
    }
}

impl FromIterator<(String, Value)> for Row {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(fields: I) -> Self {
        let (columns, values): (Vec<_>, Vec<_>) =
            fields.into_iter().map(|(name, value)| (name.into_boxed_str(), value)).unzip();
        Self { columns: columns.into(), values }
    }
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        let mut fields = self.columns.iter().zip(&self.values);
        self.values.len() == other.values.len() && fields.all(|(name, value)| other.get(name) == Some(value))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Pair {
        name: String,
        count: Option<u32>,
    }

    fn row(fields: &[(&str, Value)]) -> Row {
        fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    #[test]
    fn a_row_is_read_by_its_columns_names() {
        let read = row(&[("count", json!(3)), ("name", json!("a")), ("more", json!(0))]).decode::<Pair>();
        assert_eq!(read, Ok(Pair { name: "a".into(), count: Some(3) }));
        let none = row(&[("count", Value::Null), ("name", json!("a"))]).decode::<Pair>();
        assert_eq!(none, Ok(Pair { name: "a".into(), count: None }));
    }

    #[test]
    fn a_missing_column_or_another_type_is_corrupt() {
        let without = row(&[("count", json!(3))]).decode::<Pair>();
        let other = row(&[("name", json!(1)), ("count", json!(3))]).decode::<Pair>();
        for read in [without, other] {
            assert!(matches!(read, Err(DbError::Corrupt(_))), "{read:?}");
        }
    }

    #[test]
    fn the_order_of_columns_makes_no_difference() {
        let (a, b) = (("a", json!(1)), ("b", json!(2)));
        assert_eq!(row(&[a.clone(), b.clone()]), row(&[b.clone(), a.clone()]));
        assert_ne!(row(&[a.clone(), b]), row(&[a.clone(), ("b", json!(3))]));
        assert_ne!(row(std::slice::from_ref(&a)), row(&[a, ("b", Value::Null)]));
    }
}
