//! Templates with choices: `{this|that}` is one of them, `{|perhaps}` may be nothing, `{boat}` is a slot.

use super::super::rng::Rng;

/// Writes a phrase out. `slot` says what stands for a name; a name that it does not know stays as it is.
pub fn write_out(phrase: &str, rng: &mut Rng, slot: &mut impl FnMut(&str, &mut Rng) -> Option<String>) -> String {
    let mut text = String::new();
    let mut rest = phrase;
    while let Some((before, inside, after)) = braces(rest) {
        text.push_str(before);
        let choices = choices(inside);
        match choices.as_slice() {
            [name] => match slot(name, rng) {
                Some(value) => text.push_str(&value),
                None => text.push_str(&format!("{{{name}}}")),
            },
            several => {
                let chosen = rng.pick(several);
                text.push_str(&write_out(chosen, rng, slot));
            }
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

/// What stands before the first pair of braces, in it, and after it.
fn braces(text: &str) -> Option<(&str, &str, &str)> {
    let open = text.find('{')?;
    let mut depth = 0;
    for (at, c) in text[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((&text[..open], &text[open + 1..open + at], &text[open + at + 1..]));
        }
    }
    None
}

/// The choices between the bars that stand in no further braces.
fn choices(inside: &str) -> Vec<&str> {
    let mut choices = Vec::new();
    let (mut depth, mut from) = (0, 0);
    for (at, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            '|' if depth == 0 => {
                choices.push(&inside[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    choices.push(&inside[from..]);
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(phrase: &str) -> std::collections::BTreeSet<String> {
        let mut rng = Rng::new(1, 1);
        let mut slot = |name: &str, _: &mut Rng| (name == "boat").then(|| "Kestrel".to_owned());
        (0..200).map(|_| write_out(phrase, &mut rng, &mut slot)).collect()
    }

    #[test]
    fn a_phrase_has_every_one_of_its_choices() {
        let written = all("{Is|Was} {boat} {in|out{| today| again}}?");
        let expected = ["in", "out", "out today", "out again"];
        let expected =
            ["Is", "Was"].iter().flat_map(|is| expected.iter().map(move |end| format!("{is} Kestrel {end}?")));
        assert_eq!(written, expected.collect());
    }

    #[test]
    fn what_is_no_choice_stays_as_it_is() {
        assert_eq!(all("a {nothing} b } c {"), ["a {nothing} b } c {".to_owned()].into());
    }
}
