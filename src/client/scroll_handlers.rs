//! What a scrolled pane asks of its view.

use super::Viewport;

/// A visible row: its place among those in the page, and its offset below the pane's top in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisibleRow {
    pub place: usize,
    pub offset: i32,
}

/// The view of a scrolled pane.
pub trait ScrollHandlers {
    /// The reader has come to another place, where this is the uppermost visible row; `follows`: they stay with the newest
    /// message.
    fn scrolled(&self, uppermost: Option<VisibleRow>, follows: bool);

    /// Whether the pane is on the page: on a phone another one may be in its place.
    fn shown(&self, is_shown: bool);

    /// Whether the reader follows the newest message: then the pane stays at its bottom.
    fn follows(&self) -> bool;

    /// Whether the last held row is the newest message, or the reader has asked for that one.
    fn at_latest(&self) -> bool;

    /// Which rows belong into the page may have changed. `heights` measures those that are in it, in pixels.
    fn fill(&self, viewport: Viewport, heights: &dyn Fn() -> Vec<f64>);

    /// The reader is near the oldest held row.
    fn near_top(&self);

    /// The reader is near the last held row.
    fn near_bottom(&self);
}
