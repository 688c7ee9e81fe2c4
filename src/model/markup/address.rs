//! Bare web addresses in a text.

/// The most bytes of a web address; a longer one stays text.
pub(super) const ADDRESS_MAX: usize = 2_000;

fn prefix(text: &str) -> Option<&'static str> {
    ["https://", "http://", "www."]
        .into_iter()
        .find(|prefix| text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix)))
}

/// Whether a text starts like a web address.
pub(super) fn starts(text: &str) -> bool {
    prefix(text).is_some()
}

/// Characters that change the direction of the text after them: an address with one would be shown as another.
pub(super) fn changes_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The length of the web address at the start of a text, if there is one. Closing punctuation that belongs to the
/// sentence around it is left out; `before` is the character before it.
///
/// It reads at most `ADDRESS_MAX` bytes.
pub(super) fn length(before: Option<char>, text: &str) -> Option<usize> {
    let prefix = prefix(text)?;
    let at_word_start = before.is_none_or(|c| !c.is_alphanumeric());
    if !at_word_start || !text[prefix.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '[') {
        return None;
    }
    let mut stop = text.len();
    for (at, c) in text.char_indices() {
        // After `](` follows a link's own target.
        if c.is_whitespace()
            || c.is_control()
            || changes_direction(c)
            || matches!(c, '<' | '>' | '"')
            || text[at..].starts_with("](")
        {
            stop = at;
            break;
        }
        if at > ADDRESS_MAX {
            return None;
        }
    }
    let end = without_closing_marks(&text[..stop]);
    let host = text.get(prefix.len()..end).unwrap_or_default();
    (!host.is_empty() && (prefix != "www." || host.contains('.'))).then_some(end)
}

/// The length of an address without the closing marks that belong to the sentence around it.
fn without_closing_marks(address: &str) -> usize {
    let count = |mark: char| address.chars().filter(|c| *c == mark).count();
    let (mut round, mut square) = (count(')').saturating_sub(count('(')), count(']').saturating_sub(count('[')));
    let mut end = address.len();
    for last in address.chars().rev() {
        let closes = match last {
            ')' if round > 0 => {
                round -= 1;
                true
            }
            ']' if square > 0 => {
                square -= 1;
                true
            }
            _ => {
                matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | '…' | '“' | '”' | '‘' | '’')
            }
        };
        if !closes {
            break;
        }
        end -= last.len_utf8();
    }
    end
}
