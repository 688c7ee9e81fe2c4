//! Folding: what makes searches regardless of case and diacritics.
//!
//! The client folds the names that it holds, the server stores them folded ([`search_key`]); both do it by [`fold`], so they
//! find the same.

use unicode_normalization::char::decompose_canonical;

/// Gives the letters that a character stands for: small, without diacritics. `decompose` gives the characters of which one
/// is made (Unicode's canonical decomposition), which the browser knows without tables of ours.
pub fn fold(c: char, decompose: impl FnOnce(char, &mut dyn FnMut(char)), give: &mut impl FnMut(char)) {
    if c.is_ascii() {
        return give(c.to_ascii_lowercase());
    }
    decompose(c, &mut |part: char| {
        if !is_diacritic(part) {
            part.to_lowercase().filter(|part| !is_diacritic(*part)).for_each(|part| match part {
                // Letters of their own that nobody types who does not have them on the keyboard.
                'ø' => give('o'),
                'ł' => give('l'),
                'đ' | 'ð' => give('d'),
                'ı' => give('i'),
                'ß' => "ss".chars().for_each(&mut *give),
                'æ' => "ae".chars().for_each(&mut *give),
                'œ' => "oe".chars().for_each(&mut *give),
                part => give(part),
            });
        }
    });
}

/// Accents of the European scripts, and the points of Hebrew and Arabic that are left out in writing. Signs that
/// change a letter into another one, such as the vowels of Devanagari, are none.
fn is_diacritic(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c2}' | '\u{5c4}'..='\u{5c5}' | '\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// A text, folded. Only the server uses it; the browser's build leaves the tables out.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        fold(c, |c, give| decompose_canonical(c, give), &mut |letter| folded.push(letter));
    }
    folded
}

/// The key by which a user or a room is found: its names, folded, each after a line feed, which no name contains. A text
/// that is searched for is then in one name alone, and the line feed before it means that a name begins with it.
pub fn search_key(names: &[&str]) -> String {
    names.iter().map(|name| format!("\n{}", folded(name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_in_case_and_diacritics_fold_to_the_same() {
        for (name, same) in [
            ("Inês", "ines"),
            ("Ine\u{302}s", "ines"),
            ("ÅNGSTRÖM", "angstrom"),
            ("Søren Æbelø", "soren aebelo"),
            ("Straße", "strasse"),
            ("İstanbul", "istanbul"),
            ("نُور", "نور"),
            // A syllable begins with the letters that one types first.
            ("김", "\u{1100}\u{1175}\u{11b7}"),
        ] {
            assert_eq!(folded(name), same, "{name}");
        }
    }

    #[test]
    fn signs_that_make_another_letter_are_kept() {
        assert_ne!(folded("कि"), folded("क"));
        assert_ne!(folded("が"), folded(""));
    }

    #[test]
    fn a_search_key_tells_where_names_begin() {
        assert_eq!(search_key(&["ana", "Ana Ruíz"]), "\nana\nana ruiz");
    }
}
