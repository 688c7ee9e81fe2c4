//! The inline parts of a paragraph: emphasis, code, links, line breaks.

use super::emphasis::{self, Run};
use super::{address, escape, link};

/// A part of a text, as it will be shown.
enum Piece<'a> {
    Text(&'a str),
    Code(&'a str),
    Break,
    Marks(Run),
    /// A bare address, and its target.
    Address(&'a str, String),
    /// `[` or `![`, until a `]` makes it a link.
    Bracket(&'a str),
    Link(String),
    LinkEnd,
}

/// A `[` that may start a link.
struct Bracket {
    piece: usize,
    image: bool,
}

/// Renders a paragraph's text.
pub(super) fn render(text: &str, out: &mut String) {
    let mut reader =
        Reader { text, pieces: Vec::new(), from: 0, brackets: Vec::new(), linked: 0, unclosed: Vec::new(), failed: 0 };
    reader.read();
    let mut pieces = reader.pieces;
    pair(&mut pieces);
    write(&pieces, out);
}

struct Reader<'a> {
    text: &'a str,
    pieces: Vec<Piece<'a>>,
    /// Where the plain text starts that has not become a piece yet.
    from: usize,
    brackets: Vec<Bracket>,
    /// This many of the brackets already contain a link: links do not nest.
    linked: usize,
    /// Lengths of backtick runs that are not closed further on.
    unclosed: Vec<usize>,
    /// How often a text that looked like a link or an address was none.
    failed: usize,
}

/// After this many failed look-aheads nothing is read as a link or an address any more. Honest messages rarely fail
/// one; hostile ones would thousands of times, and each costs time.
const FAILED_MAX: usize = 64;

impl<'a> Reader<'a> {
    fn read(&mut self) {
        let mut at = 0;
        let mut before = None;
        while let Some(c) = self.text[at..].chars().next() {
            let length = self.piece(at, c, before).unwrap_or(c.len_utf8());
            at += length;
            before = self.text[..at].chars().next_back();
        }
        self.flush(at);
    }

    /// Adds the plain text up to here as a piece.
    fn flush(&mut self, to: usize) {
        if self.from < to {
            self.pieces.push(Piece::Text(&self.text[self.from..to]));
        }
        self.from = to;
    }

    /// Adds a piece of this length, after the plain text before it.
    fn add(&mut self, at: usize, piece: Piece<'a>, length: usize) -> Option<usize> {
        self.flush(at);
        self.pieces.push(piece);
        self.from = at + length;
        Some(length)
    }

    /// Reads the piece that starts here, if it is more than plain text; returns its length.
    fn piece(&mut self, at: usize, c: char, before: Option<char>) -> Option<usize> {
        let rest = &self.text[at..];
        match c {
            '\n' => self.add(at, Piece::Break, 1),
            '\\' => match rest[1..].chars().next()? {
                '\n' => self.add(at, Piece::Break, 2),
                mark if mark.is_ascii_punctuation() => self.add(at, Piece::Text(&rest[1..2]), 2),
                _ => None,
            },
            '`' => self.code(at),
            '*' | '_' | '~' => {
                let length = rest.bytes().take_while(|byte| char::from(*byte) == c).count();
                let run = Run::new(c, length, before, rest[length..].chars().next());
                self.add(at, Piece::Marks(run), length)
            }
            '!' if rest.starts_with("![") => self.open(at, 2),
            '[' => self.open(at, 1),
            ']' => self.close(at),
            '<' => {
                let (target, length) = link::angle_bracketed(rest)?;
                self.add(at, Piece::Address(&rest[1..length - 1], target), length)
            }
            'h' | 'H' | 'w' | 'W' => {
                if !address::starts(rest) {
                    return None;
                }
                let length = self.look_ahead(|| address::length(before, rest))?;
                let address = &rest[..length];
                let bare = address[..4].eq_ignore_ascii_case("www.");
                let target = if bare { format!("https://{address}") } else { address.to_owned() };
                self.add(at, Piece::Address(address, target), length)
            }
            _ => None,
        }
    }

    fn code(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        let length = rest.bytes().take_while(|byte| *byte == b'`').count();
        let inside = &rest[length..];
        let end = if self.unclosed.contains(&length) { None } else { closing(inside, length) };
        let Some(end) = end else {
            self.unclosed.push(length);
            // All of the run is text: the rest of it must not start a shorter one.
            return Some(length);
        };
        let mut code = &inside[..end];
        // One space on both sides separates code that itself starts or ends with a backtick.
        if code.starts_with(' ') && code.ends_with(' ') && !code.trim().is_empty() {
            code = &code[1..code.len() - 1];
        }
        self.add(at, Piece::Code(code), length + end + length)
    }

    /// Looks ahead, unless that has failed too often.
    fn look_ahead<T>(&mut self, ahead: impl FnOnce() -> Option<T>) -> Option<T> {
        if self.failed >= FAILED_MAX {
            return None;
        }
        let found = ahead();
        self.failed += usize::from(found.is_none());
        found
    }

    fn open(&mut self, at: usize, length: usize) -> Option<usize> {
        self.flush(at);
        self.brackets.push(Bracket { piece: self.pieces.len(), image: length == 2 });
        self.add(at, Piece::Bracket(&self.text[at..at + length]), length)
    }

    fn close(&mut self, at: usize) -> Option<usize> {
        let bracket = self.brackets.pop()?;
        let height = self.brackets.len();
        if height < self.linked {
            self.linked = height;
            return None;
        }
        let behind = &self.text[at + 1..];
        if !behind.starts_with('(') {
            return None;
        }
        // A link with an unsafe target stays as it was written.
        let leads = |(target, _): &(String, usize)| link::is_safe(target);
        let (target, length) = self.look_ahead(|| link::target(behind).filter(leads))?;
        self.flush(at);
        pair(&mut self.pieces[bracket.piece..]);
        self.pieces[bracket.piece] = Piece::Link(target);
        if !bracket.image {
            self.linked = height;
        }
        self.add(at, Piece::LinkEnd, 1 + length)
    }
}

/// Where a run of exactly this many backticks starts.
fn closing(text: &str, length: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(start) = text[at..].find('`').map(|more| at + more) {
        let run = text[start..].bytes().take_while(|byte| *byte == b'`').count();
        if run == length {
            return Some(start);
        }
        at = start + run;
    }
    None
}

/// Pairs the marks among some pieces. Those inside a link's text have been paired before and are left out.
fn pair(pieces: &mut [Piece<'_>]) {
    let mut runs = Vec::new();
    let mut links = 0usize;
    for piece in pieces {
        match piece {
            Piece::Marks(run) if links == 0 => runs.push(run),
            Piece::Link(_) => links += 1,
            Piece::LinkEnd => links = links.saturating_sub(1),
            _ => {}
        }
    }
    emphasis::pair(&mut runs);
}

fn write(pieces: &[Piece<'_>], out: &mut String) {
    // For each open link: whether an element was written for it.
    let mut links: Vec<bool> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) | Piece::Bracket(text) => escape(text, out),
            Piece::Code(text) => {
                out.push_str("<code>");
                escape(&text.replace('\n', " "), out);
                out.push_str("</code>");
            }
            Piece::Break => out.push_str("<br>"),
            Piece::Marks(run) => marks(run, out),
            Piece::Address(text, target) => {
                let open = link::is_safe(target) && !links.contains(&true);
                if open {
                    link::open(target, out);
                }
                escape(text, out);
                if open {
                    out.push_str("</a>");
                }
            }
            Piece::Link(target) => {
                // An image within a link's text is part of that link.
                let open = link::is_safe(target) && !links.contains(&true);
                if open {
                    link::open(target, out);
                }
                links.push(open);
            }
            Piece::LinkEnd => {
                if links.pop() == Some(true) {
                    out.push_str("</a>");
                }
            }
        }
    }
}

/// Writes the tags that a run closes, its unpaired marks, and the tags it opens.
fn marks(run: &Run, out: &mut String) {
    for tag in &run.closing {
        out.push_str("</");
        out.push_str(tag.name());
        out.push('>');
    }
    out.extend(std::iter::repeat_n(run.mark, run.left));
    for tag in run.opening.iter().rev() {
        out.push('<');
        out.push_str(tag.name());
        out.push('>');
    }
}
