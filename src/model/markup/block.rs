//! Blocks: the parts of a message from top to bottom, recognised by the start of their lines.

use super::{escape, inline};

/// Quotes and lists nested deeper than this are shown flat: nobody reads them, and browsers cannot handle thousands.
pub(super) const DEPTH_MAX: usize = 8;
/// Lines indented by this many columns belong to the list item above; a tab counts as four.
const INDENT: usize = 2;
const TAB: usize = 4;

/// Renders a message's lines.
pub(super) fn render(lines: &[&str], out: &mut String) {
    blocks(lines, 0, false, out);
}

/// The start of a line.
enum Start<'a> {
    Blank,
    Fence(Fence<'a>),
    Rule,
    Heading(&'a str),
    Quote,
    Item(Marker<'a>),
    Text,
}

/// The opening line of a code block.
struct Fence<'a> {
    mark: u8,
    length: usize,
    indent: usize,
    language: &'a str,
}

/// The marker of a list item.
struct Marker<'a> {
    /// The bullet, or the `.` or `)` after a number; another one starts a new list.
    mark: u8,
    /// The number of an ordered list's first item.
    number: Option<u32>,
    /// Columns from the start of the line to the item's text.
    width: usize,
    text: &'a str,
}

/// `bare`: the first paragraph is in a list item and needs no element of its own.
fn blocks(lines: &[&str], depth: usize, bare: bool, out: &mut String) {
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let bare = bare && at == 0;
        at += match Start::of(line, depth) {
            Start::Blank => 1,
            Start::Fence(fence) => code(&fence, &lines[at + 1..], out) + 1,
            Start::Rule => {
                out.push_str("<hr>");
                1
            }
            Start::Heading(text) => {
                out.push_str("<p><strong>");
                inline::render(text, out);
                out.push_str("</strong></p>");
                1
            }
            Start::Quote => quote(&lines[at..], depth, out),
            Start::Item(marker) => list(&marker, &lines[at..], depth, out),
            Start::Text => paragraph(&lines[at..], depth, bare, out),
        };
    }
}

impl<'a> Start<'a> {
    fn of(line: &'a str, depth: usize) -> Self {
        let (indent, text) = indent(line);
        let Some(first) = text.bytes().next() else { return Start::Blank };
        match first {
            b'`' | b'~' => Fence::of(first, indent, text).map_or(Start::Text, Start::Fence),
            b'#' => heading(text).map_or(Start::Text, Start::Heading),
            b'>' => Start::Quote,
            b'-' | b'*' | b'_' if is_rule(text, first) => Start::Rule,
            b'-' | b'*' | b'+' | b'0'..=b'9' if depth < DEPTH_MAX => {
                Marker::of(indent, text).map_or(Start::Text, Start::Item)
            }
            _ => Start::Text,
        }
    }

    /// Whether a line with this start ends the paragraph above it.
    fn interrupts(&self) -> bool {
        match self {
            // "It was in\n1986. A good year."
            Start::Item(marker) => marker.number.is_none_or(|number| number == 1) && !marker.text.is_empty(),
            Start::Blank | Start::Fence(_) | Start::Rule | Start::Heading(_) | Start::Quote => true,
            Start::Text => false,
        }
    }
}

impl<'a> Fence<'a> {
    fn of(mark: u8, indent: usize, text: &'a str) -> Option<Self> {
        let length = text.bytes().take_while(|byte| *byte == mark).count();
        let language = text[length..].trim();
        // A backtick after backticks means a code span in a paragraph.
        let is_span = mark == b'`' && language.contains('`');
        (length >= 3 && !is_span).then_some(Fence { mark, length, indent, language })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let text = line.trim();
        text.len() >= self.length && text.bytes().all(|byte| byte == self.mark)
    }
}

impl<'a> Marker<'a> {
    fn of(indent: usize, text: &'a str) -> Option<Self> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (mark, number) = match digits {
            0 => (*text.as_bytes().first()?, None),
            // More digits than browsers support in lists.
            10.. => return None,
            _ => (*text.as_bytes().get(digits)?, Some(text[..digits].parse().ok()?)),
        };
        let fits = if number.is_some() { matches!(mark, b'.' | b')') } else { matches!(mark, b'-' | b'*' | b'+') };
        let behind = text.get(digits + 1..)?;
        if !fits || !(behind.is_empty() || behind.starts_with([' ', '\t'])) {
            return None;
        }
        let text = behind.trim_start();
        let space = (behind.len() - text.len()).clamp(1, TAB);
        Some(Marker { mark, number, width: indent + digits + 1 + space, text })
    }
}

/// A line's indent in columns, and the text after it.
fn indent(line: &str) -> (usize, &str) {
    let text = line.trim_start_matches([' ', '\t']);
    let columns = line[..line.len() - text.len()].bytes().map(|byte| if byte == b'\t' { TAB } else { 1 }).sum();
    (columns, text.trim_end())
}

/// A line without up to so many columns of its indent.
fn outdent(line: &str, columns: usize) -> &str {
    let mut left = columns;
    let mut rest = line;
    while left > 0 && rest.starts_with([' ', '\t']) {
        left = left.saturating_sub(if rest.starts_with('\t') { TAB } else { 1 });
        rest = &rest[1..];
    }
    rest
}

fn heading(text: &str) -> Option<&str> {
    let level = text.bytes().take_while(|byte| *byte == b'#').count();
    let title = text.get(level..)?;
    if level > 6 || !title.starts_with([' ', '\t']) {
        return None;
    }
    let title = title.trim();
    let without = title.trim_end_matches('#');
    Some(if without.ends_with([' ', '\t']) { without.trim_end() } else { title }).filter(|title| !title.is_empty())
}

fn is_rule(text: &str, mark: u8) -> bool {
    let count = text.bytes().filter(|byte| *byte == mark).count();
    count >= 3 && text.bytes().all(|byte| byte == mark || byte == b' ' || byte == b'\t')
}

/// Renders the lines up to the closing fence; returns how many there were, including the fence.
fn code(fence: &Fence<'_>, lines: &[&str], out: &mut String) -> usize {
    out.push_str("<pre tabindex=\"0\"><code");
    let name = Some(fence.language).filter(|name| !name.is_empty() && !name.contains(char::is_whitespace));
    if let Some(name) = name {
        out.push_str(" data-language=\"");
        escape(name, out);
        out.push('"');
    }
    out.push('>');
    // Some people open a block and write code in the same line.
    if fence.language.contains(char::is_whitespace) {
        escape(fence.language, out);
        out.push('\n');
    }
    let end = lines.iter().position(|line| fence.is_closed_by(line)).unwrap_or(lines.len());
    for line in &lines[..end] {
        escape(outdent(line, fence.indent), out);
        out.push('\n');
    }
    out.push_str("</code></pre>");
    (end + 1).min(lines.len())
}

fn quote(lines: &[&str], depth: usize, out: &mut String) -> usize {
    let mut inside = Vec::new();
    for line in lines {
        let Some(mut text) = unquoted(line) else { break };
        if depth >= DEPTH_MAX {
            while let Some(deeper) = unquoted(text) {
                text = deeper;
            }
        }
        inside.push(text);
    }
    if depth < DEPTH_MAX {
        out.push_str("<blockquote>");
        blocks(&inside, depth + 1, false, out);
        out.push_str("</blockquote>");
    } else {
        blocks(&inside, depth, false, out);
    }
    inside.len()
}

/// A quoted line without its mark.
fn unquoted(line: &str) -> Option<&str> {
    let text = line.trim_start_matches([' ', '\t']).strip_prefix('>')?;
    Some(text.strip_prefix(' ').unwrap_or(text))
}

fn list(first: &Marker<'_>, lines: &[&str], depth: usize, out: &mut String) -> usize {
    match first.number {
        None => out.push_str("<ul>"),
        Some(1) => out.push_str("<ol>"),
        Some(from) => {
            out.push_str("<ol start=\"");
            out.push_str(&from.to_string());
            out.push_str("\">");
        }
    }
    let outer = indent(lines[0]).0;
    let mut at = 0;
    while let Some(Start::Item(marker)) = lines.get(at).map(|line| Start::of(line, depth))
        && marker.mark == first.mark
    {
        let mut inside = vec![marker.text];
        at += 1;
        at += item(&lines[at..], outer, marker.width, &mut inside);
        out.push_str("<li>");
        blocks(&inside, depth + 1, true, out);
        out.push_str("</li>");
    }
    out.push_str(if first.number.is_some() { "</ol>" } else { "</ul>" });
    at
}

/// Takes the lines that belong to an item by their indent, blank ones between them included; returns how many.
fn item<'a>(lines: &[&'a str], outer: usize, width: usize, inside: &mut Vec<&'a str>) -> usize {
    let mut taken = 0;
    // Lines that are indented less than the item's own text are measured by the first of them.
    let mut base = None;
    for (at, line) in lines.iter().enumerate() {
        let (columns, text) = indent(line);
        if text.is_empty() {
            continue;
        }
        if columns < outer + INDENT {
            // A blank line between two items of a list does not end it.
            let next_item = taken < at && Marker::of(columns, text).is_some() && !is_rule(text, text.as_bytes()[0]);
            return if next_item { at } else { taken };
        }
        inside.resize(inside.len() + at - taken, "");
        inside.push(outdent(line, *base.get_or_insert(width.min(columns))));
        taken = at + 1;
    }
    taken
}

fn paragraph(lines: &[&str], depth: usize, bare: bool, out: &mut String) -> usize {
    let interrupted = |line: &&str| Start::of(line, depth).interrupts();
    let count = lines.iter().skip(1).position(interrupted).map_or(lines.len(), |more| more + 1);
    let text = lines[..count].iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n");
    if !bare {
        out.push_str("<p>");
    }
    inline::render(&text, out);
    if !bare {
        out.push_str("</p>");
    }
    count
}
