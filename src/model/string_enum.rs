//! Enums that travel as a word each.

/// Gives an enum its words. What serde derives does the same for more kinds of input, at a kilobyte an enum of what
/// every browser downloads.
macro_rules! string_enum {
    ($name:ident { $($variant:ident => $word:literal),+ $(,)? }) => {
        impl $name {
            /// As it stands in frames, forms, style sheets and the database.
            pub fn word(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)+
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
                let word = <String as serde::Deserialize>::deserialize(from)?;
                $(if word == $word {
                    return Ok($name::$variant);
                })+
                Err(serde::de::Error::custom("an unknown word"))
            }
        }
    };
}

pub(crate) use string_enum;

#[cfg(test)]
mod tests {
    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Tide {
        High,
        NearlyLow,
    }

    string_enum!(Tide { High => "high", NearlyLow => "nearly_low" });

    #[test]
    fn each_travels_as_its_word_and_no_other_word_is_taken() {
        for tide in [Tide::High, Tide::NearlyLow] {
            let text = serde_json::to_string(&tide).unwrap();
            assert_eq!(serde_json::from_str::<Tide>(&text).unwrap(), tide);
        }
        assert_eq!(serde_json::to_string(&Tide::NearlyLow).unwrap(), "\"nearly_low\"");
        for other in ["\"low\"", "\"High\"", "1", "null", "{\"high\":null}"] {
            assert!(serde_json::from_str::<Tide>(other).is_err(), "{other}");
        }
    }
}
