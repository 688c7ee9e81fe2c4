//! Enums that travel as one word each.

/// Gives an enum its words, in frames, forms, style sheets and the database.
///
/// With `else Variant`, a word that this program does not know reads as that variant instead of failing: what comes
/// over the wire may be newer than its reader. Without it, an unknown word is an error.
macro_rules! string_enum {
    ($name:ident { $($variant:ident => $word:literal),+ $(,)? } $(else $unknown:ident)?) => {
        impl $name {
            /// The word that stands for it; `unknown` for what an older program could not read.
            pub fn word(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)+
                    $($name::$unknown => "unknown",)?
                }
            }

            /// The variant that a word stands for.
            pub fn from_word(word: &str) -> Option<Self> {
                $(if word == $word {
                    return Some($name::$variant);
                })+
                #[allow(unreachable_code)]
                {
                    $(return Some($name::$unknown);)?
                    None
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.word())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'_, str> as serde::Deserialize>::deserialize(from)?;
                $name::from_word(&word).ok_or_else(|| serde::de::Error::custom("an unknown word"))
            }
        }
    };
}

pub(crate) use string_enum;

#[cfg(test)]
mod tests {
    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Strict {
        One,
        TwoWords,
    }

    string_enum!(Strict { One => "one", TwoWords => "two_words" });

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Open {
        One,
        Unknown,
    }

    string_enum!(Open { One => "one" } else Unknown);

    #[test]
    fn each_variant_travels_as_its_word_and_another_word_is_refused() {
        for variant in [Strict::One, Strict::TwoWords] {
            let text = serde_json::to_string(&variant).unwrap();
            assert_eq!(serde_json::from_str::<Strict>(&text).unwrap(), variant);
        }
        assert_eq!(serde_json::to_string(&Strict::TwoWords).unwrap(), "\"two_words\"");
        for other in ["\"three\"", "\"One\"", "1", "null", "{\"one\":null}"] {
            assert!(serde_json::from_str::<Strict>(other).is_err(), "{other}");
        }
    }

    #[test]
    fn a_word_of_a_newer_program_reads_as_unknown_but_what_is_no_word_does_not() {
        assert_eq!(serde_json::from_str::<Open>("\"one\"").unwrap(), Open::One);
        assert_eq!(serde_json::from_str::<Open>("\"later\"").unwrap(), Open::Unknown);
        assert!(serde_json::from_str::<Open>("1").is_err());
    }
}
