//! A virtual list: which of a conversation's rows are in the page. It has those that the reader sees and some on either
//! side (the overscan); in place of the others is blank space, as high as they were when they were in the page, or as
//! an estimate.

use crate::model::{Seq, SortedMap};
use std::ops::Range;

/// The height of a row that has not been in the page (pixels).
const ESTIMATE: f64 = 40.0;
/// How far rows reach beyond what is visible after rows have come into the page, in heights of the pane.
const OVERSCAN: f64 = 1.0;
/// When they reach less far, more come into the page.
const OVERSCAN_MIN: f64 = 0.5;
/// When they reach farther, those beyond [`OVERSCAN`] leave the page.
const OVERSCAN_MAX: f64 = 2.0;
/// A pane counts as at least this high (pixels): one that is not laid out yet has no height.
const PANE_MIN: f64 = 400.0;

/// Where the rows in the page lie, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    /// The height of the pane.
    pub pane: f64,
    /// How far the rows reach above the pane's top. Negative if they begin below it.
    pub above: f64,
    /// How far the rows reach below the pane's bottom. Negative if they end above it.
    pub below: f64,
}

impl Viewport {
    fn pane(self) -> f64 {
        self.pane.max(PANE_MIN)
    }

    /// Whether the rows in the page reach far enough, and not needlessly far. `more`: whether there are more above and
    /// below them.
    pub fn is_filled(self, more: (bool, bool)) -> bool {
        let fits = |reach: f64, more: bool| {
            (!more || reach >= self.pane() * OVERSCAN_MIN) && reach <= self.pane() * OVERSCAN_MAX
        };
        fits(self.above, more.0) && fits(self.below, more.1)
    }

    /// Which of `len` rows belong into the page, if `range` is in it and a row is so high. The reader may have scrolled
    /// any distance into the blank space. At least one row stays, or nothing could be measured again.
    pub fn fill(self, range: Range<usize>, len: usize, height: impl Fn(usize) -> f64) -> Range<usize> {
        let (mut above, mut below, pane) = (self.above, self.below, self.pane());
        let Range { mut start, mut end } = range;
        if above < pane * OVERSCAN_MIN {
            while start > 0 && above < pane * OVERSCAN {
                start -= 1;
                above += height(start);
            }
        }
        if below < pane * OVERSCAN_MIN {
            while end < len && below < pane * OVERSCAN {
                below += height(end);
                end += 1;
            }
        }
        if above > pane * OVERSCAN_MAX {
            while start + 1 < end && above - height(start) >= pane * OVERSCAN {
                above -= height(start);
                start += 1;
            }
        }
        if below > pane * OVERSCAN_MAX {
            while end > start + 1 && below - height(end - 1) >= pane * OVERSCAN {
                end -= 1;
                below -= height(end);
            }
        }
        start..end
    }
}

/// The heights of the rows that have been in the page, in pixels.
#[derive(Clone, Debug, Default)]
pub struct Heights {
    measured: SortedMap<Seq, f64>,
}

impl Heights {
    pub fn set(&mut self, row: Seq, height: f64) {
        self.measured.insert(row, height);
    }

    pub fn get(&self, row: Seq) -> f64 {
        self.measured.get(&row).copied().unwrap_or(ESTIMATE)
    }

    /// The height of `count` rows, those from `from` up to, but not including, `to`.
    pub fn sum(&self, from: Seq, to: Seq, count: usize) -> f64 {
        let places = self.measured.count_below(&from)..self.measured.count_below(&to);
        let unmeasured = count.saturating_sub(places.len());
        self.measured.range(places).map(|(_, height)| height).sum::<f64>() + unmeasured as f64 * ESTIMATE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PANE: f64 = 800.0;
    const ROW: f64 = 20.0;

    /// What is in the page after a reader has scrolled: `first` is the uppermost visible of 10,000 equally high rows.
    fn scrolled(range: Range<usize>, first: usize) -> Range<usize> {
        let at = |row: usize| row as f64 * ROW;
        let viewport =
            Viewport { pane: PANE, above: at(first) - at(range.start), below: at(range.end) - at(first) - PANE };
        viewport.fill(range, 10_000, |_| ROW)
    }

    #[test]
    fn rows_come_and_go_a_pane_beyond_what_is_visible() {
        // 40 rows fill the pane.
        assert_eq!(scrolled(1000..1120, 1040), 1000..1120);
        assert_eq!(scrolled(1000..1120, 1021), 1000..1120, "half a pane is enough");
        assert_eq!(scrolled(1000..1120, 1019), 979..1120);
        assert_eq!(scrolled(1000..1220, 1100), 1060..1220, "more than two panes are too much");
        assert_eq!(scrolled(0..130, 5), 0..85, "there is nothing above");
        assert_eq!(scrolled(9_870..10_000, 9_960), 9_920..10_000, "and nothing below");
    }

    #[test]
    fn a_jump_into_the_blank_space_brings_the_rows_there() {
        assert_eq!(scrolled(9_900..10_000, 500), 460..580);
        assert_eq!(scrolled(460..580, 9_000), 8_960..9_080);
    }

    #[test]
    fn a_row_that_is_higher_than_the_overscan_stays() {
        let height = |row: usize| if row == 3 { 5_000.0 } else { ROW };
        let viewport = Viewport { pane: PANE, above: 5_000.0, below: 0.0 };
        assert_eq!(viewport.fill(3..40, 40, height), 3..40);
    }

    #[test]
    fn a_row_stays_whatever_was_measured() {
        let beyond = Viewport { pane: PANE, above: 20_000.0, below: -800.0 };
        assert_eq!(beyond.fill(9_900..10_000, 10_000, |_| ROW), 9_999..10_000);
        let before = Viewport { pane: PANE, above: -800.0, below: 20_000.0 };
        assert_eq!(before.fill(0..100, 10_000, |_| ROW), 0..1);
    }

    #[test]
    fn rows_that_are_high_enough_stay_as_they_are() {
        let viewport = |above, below| Viewport { pane: PANE, above, below };
        assert!(viewport(0.0, 0.0).is_filled((false, false)));
        assert!(!viewport(0.0, 800.0).is_filled((true, true)));
        assert!(!viewport(800.0, 0.0).is_filled((true, true)));
        assert!(viewport(500.0, 1_500.0).is_filled((true, true)));
        assert!(!viewport(1_700.0, 800.0).is_filled((true, true)));
    }

    #[test]
    fn rows_that_were_not_in_the_page_have_an_estimated_height() {
        let mut heights = Heights::default();
        heights.set(Seq(3), 100.0);
        heights.set(Seq(4), 20.0);
        heights.set(Seq(9), 7.0);
        assert_eq!(heights.sum(Seq(1), Seq(6), 5), 120.0 + 3.0 * ESTIMATE);
        assert_eq!(heights.sum(Seq(6), Seq(6), 0), 0.0);
        assert_eq!((heights.get(Seq(9)), heights.get(Seq(10))), (7.0, ESTIMATE));
    }
}
