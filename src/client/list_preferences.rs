//! What is chosen for the conversation list on this device.

/// A section of the conversation list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListSection {
    Rooms,
    Direct,
}

/// The choices. A cookie keeps them as text, so that the server renders the list as it was left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListPreferences {
    pub rooms_collapsed: bool,
    pub direct_collapsed: bool,
    /// In each section, conversations with unread messages come first.
    pub unread_first: bool,
}

const ROOMS_COLLAPSED: &str = "rooms-collapsed";
const DIRECT_COLLAPSED: &str = "direct-collapsed";
const UNREAD_FIRST: &str = "unread-first";

impl ListPreferences {
    /// Reads the words that [`Self::text`] writes. Others, of another build, are ignored.
    pub fn parse(text: &str) -> Self {
        let has = |word: &str| text.split('.').any(|part| part == word);
        ListPreferences {
            rooms_collapsed: has(ROOMS_COLLAPSED),
            direct_collapsed: has(DIRECT_COLLAPSED),
            unread_first: has(UNREAD_FIRST),
        }
    }

    /// The words of what is chosen, with dots between them; empty for the defaults.
    pub fn text(self) -> String {
        let words = [
            (self.rooms_collapsed, ROOMS_COLLAPSED),
            (self.direct_collapsed, DIRECT_COLLAPSED),
            (self.unread_first, UNREAD_FIRST),
        ];
        let chosen: Vec<&str> = words.into_iter().filter(|(is_chosen, _)| *is_chosen).map(|(_, word)| word).collect();
        chosen.join(".")
    }

    pub fn is_collapsed(self, section: ListSection) -> bool {
        match section {
            ListSection::Rooms => self.rooms_collapsed,
            ListSection::Direct => self.direct_collapsed,
        }
    }

    pub fn set_collapsed(&mut self, section: ListSection, is_collapsed: bool) {
        match section {
            ListSection::Rooms => self.rooms_collapsed = is_collapsed,
            ListSection::Direct => self.direct_collapsed = is_collapsed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_is_read_as_it_was_written_and_unknown_words_are_ignored() {
        for bits in 0..8 {
            let mut chosen = ListPreferences { unread_first: bits & 1 > 0, ..ListPreferences::default() };
            chosen.set_collapsed(ListSection::Rooms, bits & 2 > 0);
            chosen.set_collapsed(ListSection::Direct, bits & 4 > 0);
            assert_eq!(ListPreferences::parse(&chosen.text()), chosen);
        }
        assert_eq!(ListPreferences::default().text(), "");
        let unread_first = ListPreferences { unread_first: true, ..ListPreferences::default() };
        assert_eq!(ListPreferences::parse("<b>.unread-first.by-topic"), unread_first);
    }
}
