//! Word stems and likeness, for English and Spanish at once; cruder than Porter, and only for comparing words with each
//! other.

/// Endings after a plural's s is gone, longest first.
const ENDINGS: [&str; 36] = [
    "amiento", "imiento", "ication", "acione", "adore", "ement", "ation", "acion", "mente", "ction", "iendo",
    "ment", "able", "ible", "ando", "ador", "cion", "ione", "tion", "ings", "ion", "ing", "ado", "ada",
    "ido", "ida", "ers", "ance", "ence", "ful", "ed", "er", "ly", "al", "ar", "ir",
];

/// The stem of a folded word.
pub(super) fn stem(word: &str) -> String {
    if !word.is_ascii() || word.len() < 4 || word.bytes().any(|b| b.is_ascii_digit()) {
        return word.to_owned();
    }
    let mut stem = word;
    if let Some(cut) = stem.strip_suffix("ies").filter(|cut| cut.len() >= 3) {
        return format!("{cut}y");
    }
    if stem.ends_with("sses") || stem.ends_with("xes") || stem.ends_with("ches") || stem.ends_with("shes") {
        stem = &stem[..stem.len() - 2];
    } else if stem.ends_with('s') && !stem.ends_with("ss") && !stem.ends_with("us") && !stem.ends_with("is") {
        stem = &stem[..stem.len() - 1];
    }
    for ending in ENDINGS {
        let kept = if ending.len() > 3 { 5 } else { 4 };
        let verb = matches!(ending, "ing" | "ed");
        let fits = |cut: &&str| {
            cut.len() >= kept || (verb && cut.len() == 3 && cut.contains(['a', 'e', 'i', 'o', 'u']))
        };
        if let Some(cut) = stem.strip_suffix(ending).filter(fits) {
            stem = if ending == "ction" { &stem[..cut.len() + 2] } else { cut };
            break;
        }
    }
    let bytes = stem.as_bytes();
    let doubled = stem.len() > 3 && bytes[stem.len() - 1] == bytes[stem.len() - 2];
    if doubled && !matches!(bytes[stem.len() - 1], b'l' | b's' | b'e' | b'o') {
        stem = &stem[..stem.len() - 1];
    }
    if stem.len() > 3 {
        stem = stem.trim_end_matches(['e', 'a', 'o']);
    }
    stem.to_owned()
}

/// How alike two different stems are, in thousandths: a slip of the finger, a spelling heard rather than seen, a longer
/// form of the same word; else 0.
pub(super) fn likeness(left: &str, right: &str) -> i64 {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    if !short.is_ascii() || !long.is_ascii() || short.len() < 4 || short.as_bytes()[0] != long.as_bytes()[0] {
        return 0;
    }
    if long.starts_with(short) && short.len() >= 5 && long.len() - short.len() <= 3 {
        return 850;
    }
    let allowed = match short.len() {
        0..=4 => 0,
        5..=7 => 1,
        _ => 2,
    };
    if long.len() - short.len() <= allowed && distance(short.as_bytes(), long.as_bytes()) <= allowed {
        return 800;
    }
    let bones = skeleton(short);
    if bones.len() >= 2 && long.len() - short.len() <= 2 && bones == skeleton(long) { 700 } else { 0 }
}

/// A word's consonants.
fn skeleton(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'h')).collect()
}

/// Edit distance with transpositions (optimal string alignment).
fn distance(left: &[u8], right: &[u8]) -> usize {
    let width = right.len() + 1;
    let mut rows = vec![vec![0; width]; left.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=left.len() {
        for j in 1..width {
            let same = usize::from(left[i - 1] != right[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + same);
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[left.len()][width - 1]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn forms_of_a_word_share_a_stem() {
        for forms in [
            &["service", "services", "serviced", "servicing"][..],
            &["adjust", "adjusting", "adjustment", "adjusted"],
            &["cancel", "canceling", "cancel"],
            &["reparacion", "reparar", "reparaciones"],
            &["battery", "batteries"],
            &["true", "truing", "trued"],
            &["wash", "washing", "washes"],
        ] {
            let stems: Vec<_> = forms.iter().map(|form| stem(form)).collect();
            assert!(stems.windows(2).all(|pair| pair[0] == pair[1]), "{stems:?}");
        }
    }

    #[test]
    fn slips_are_alike_and_other_words_are_not() {
        for (left, right) in
            [("punctu", "punctur"), ("replacm", "replac"), ("break", "brake"), ("tire", "tyre")]
        {
            assert!(likeness(left, right) >= 700, "{left} {right}");
        }
        for (left, right) in [("rice", "ride"), ("car", "card"), ("hair", "chair"), ("kayak", "bike")] {
            assert_eq!(likeness(left, right), 0, "{left} {right}");
        }
    }

    proptest! {
        #[test]
        fn any_word_has_a_stem_that_is_no_longer(word in "[a-zé0-9]{0,12}", other in "\\PC{0,9}") {
            prop_assert!(stem(&word).len() <= word.len());
            prop_assert_eq!(likeness(&word, &other), likeness(&other, &word));
        }
    }
}
