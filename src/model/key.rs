//! Keys that make names unique regardless of case and look-alike characters.
//!
//! They are computed here rather than in the database, because SQLite and PostgreSQL lower letters differently. Only the
//! server uses them; the browser's build leaves the tables out.

use unicode_normalization::UnicodeNormalization;
use unicode_security::skeleton;

/// The same for two names that differ only in case, in compatibility forms (NFKC), or in characters that look
/// alike (Unicode Technical Standard #39, section 4).
pub fn lookalike_key(name: &str) -> String {
    let folded: String = name.nfkc().flat_map(char::to_lowercase).collect();
    let bones: String = skeleton(&folded).flat_map(char::to_lowercase).collect();
    // Lower-casing may produce a character that has a skeleton of its own.
    skeleton(&bones).nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_have_one_key() {
        for (a, b) in [
            ("Ana", "ana"),
            ("ana", "аnа"),
            ("paypal", "paypa1"),
            ("zoe", "z0e"),
            ("ａｎａ", "ana"),
            ("modern", "modem"),
        ] {
            assert_eq!(lookalike_key(a), lookalike_key(b), "{a} and {b}");
        }
    }

    #[test]
    fn names_that_differ_to_the_eye_have_different_keys() {
        for (a, b) in [("ana", "anna"), ("ana.ruiz", "ana-ruiz"), ("tom", "tim"), ("al", "all")] {
            assert_ne!(lookalike_key(a), lookalike_key(b), "{a} and {b}");
        }
    }
}
