//! Messages that consist only of emoji.

/// Up to this many emoji without text are shown large.
const JUMBO_MAX: usize = 6;

/// Whether a message consists only of a few emoji.
pub(super) fn is_jumbo(body: &str) -> bool {
    let body = body.trim();
    if body.len() > 200 {
        return false;
    }
    let mut count = 0;
    let mut joined = false;
    for c in body.chars() {
        match c {
            '\u{200d}' => joined = true,
            // Variation selector, skin tones, the tags of flags, keycap: part of the emoji before.
            '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}' | '\u{20e3}' if count > 0 => {}
            '\u{1f000}'..='\u{1faff}'
            | '\u{2600}'..='\u{27bf}'
            | '\u{2b50}'
            | '\u{2b55}'
            | '\u{231a}'..='\u{231b}'
            | '\u{23e9}'..='\u{23fa}' => {
                if !joined {
                    count += 1;
                }
                joined = false;
            }
            c if c.is_whitespace() => {}
            _ => return false,
        }
    }
    // A flag consists of two letters.
    let flags = body.chars().filter(|c| ('\u{1f1e6}'..='\u{1f1ff}').contains(c)).count() / 2;
    (1..=JUMBO_MAX).contains(&(count - flags.min(count)))
}
