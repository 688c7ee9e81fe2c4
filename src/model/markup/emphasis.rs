//! Pairs the marks of emphasis: CommonMark's delimiter runs (0.31, section 6.2 and its appendix).

/// A run of one mark.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub mark: char,
    /// Marks that are not paired; in the end they are shown as text.
    pub left: usize,
    length: usize,
    opens: bool,
    closes: bool,
    /// The tags it closes and opens, in the order in which they were found: the innermost first.
    pub closing: Vec<Tag>,
    pub opening: Vec<Tag>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Tag {
    Emphasis,
    Strong,
    Strikethrough,
}

impl Tag {
    pub(super) fn name(self) -> &'static str {
        match self {
            Tag::Emphasis => "em",
            Tag::Strong => "strong",
            Tag::Strikethrough => "del",
        }
    }
}

impl Run {
    /// A run of marks between two characters; `None` at the ends of the text.
    pub(super) fn new(mark: char, length: usize, before: Option<char>, after: Option<char>) -> Self {
        let space = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let punctuation = |c: Option<char>| c.is_some_and(|c| !c.is_alphanumeric() && !c.is_whitespace());
        let left = !space(after) && (!punctuation(after) || space(before) || punctuation(before));
        let right = !space(before) && (!punctuation(before) || space(after) || punctuation(after));
        let (opens, closes) = match mark {
            // Underscores within a word are part of it.
            '_' => (left && (!right || punctuation(before)), right && (!left || punctuation(after))),
            // One tilde means "about".
            '~' => (left && length == 2, right && length == 2),
            _ => (left, right),
        };
        Run { mark, left: length, length, opens, closes, ..Run::default() }
    }

    /// Closers of one kind share the position below which there is no opener for them.
    fn kind(&self) -> usize {
        let mark = match self.mark {
            '*' => 0,
            '_' => 1,
            _ => 2,
        };
        (mark * 2 + usize::from(self.opens)) * 3 + self.length % 3
    }

    /// Whether this run and a following closing one may be paired.
    fn fits(&self, closer: &Run) -> bool {
        let threes = (self.closes || closer.opens)
            && (self.length + closer.length).is_multiple_of(3)
            && !(self.length.is_multiple_of(3) && closer.length.is_multiple_of(3));
        self.mark == closer.mark && (self.mark == '~' || !threes)
    }
}

/// Pairs the runs of a text, given in their order.
pub(super) fn pair(runs: &mut [&mut Run]) {
    // Indexes of the runs that may still open something.
    let mut open: Vec<usize> = Vec::new();
    // For each kind of closer: below this height there is no opener for it, which keeps the time linear.
    let mut floor = [0; 18];
    for at in 0..runs.len() {
        while runs[at].closes && runs[at].left > 0 {
            let kind = runs[at].kind();
            let found = (floor[kind]..open.len()).rev().find(|height| runs[open[*height]].fits(runs[at]));
            let Some(height) = found else {
                floor[kind] = open.len();
                break;
            };
            open.truncate(height + 1);
            floor.iter_mut().for_each(|floor| *floor = (*floor).min(height));
            let opener = open[height];
            let (tag, used) = match (runs[at].mark, runs[opener].left.min(runs[at].left)) {
                ('~', _) => (Tag::Strikethrough, 2),
                (_, 1) => (Tag::Emphasis, 1),
                _ => (Tag::Strong, 2),
            };
            for (run, tags) in [(opener, true), (at, false)] {
                runs[run].left -= used;
                if tags { runs[run].opening.push(tag) } else { runs[run].closing.push(tag) }
            }
            if runs[opener].left == 0 {
                open.pop();
            }
        }
        if runs[at].opens && runs[at].left > 0 {
            open.push(at);
        }
    }
}
