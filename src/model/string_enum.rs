//! Enums that are represented as strings.

/// Gives each variant of an enum a string, used in frames, forms, style sheets and the database.
///
/// With `else Variant`, an unknown string is read as that variant: what comes over the wire may be newer than its
/// reader. Without it, an unknown string is an error.
macro_rules! string_enum {
    ($name:ident { $($variant:ident => $string:literal),+ $(,)? } $(else $unknown:ident)?) => {
        impl $name {
            /// The variant's string; `unknown` for the variant of unknown strings.
            pub fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $string,)+
                    $($name::$unknown => "unknown",)?
                }
            }

            /// The variant of a string.
            pub fn parse(string: &str) -> Option<Self> {
                $(if string == $string {
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
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let string = <std::borrow::Cow<'_, str> as serde::Deserialize>::deserialize(from)?;
                $name::parse(&string).ok_or_else(|| serde::de::Error::custom("an unknown value"))
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
    fn each_variant_is_serialised_as_its_string_and_other_strings_are_refused() {
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
    fn an_unknown_string_reads_as_unknown_but_other_types_are_refused() {
        assert_eq!(serde_json::from_str::<Open>("\"one\"").unwrap(), Open::One);
        assert_eq!(serde_json::from_str::<Open>("\"later\"").unwrap(), Open::Unknown);
        assert!(serde_json::from_str::<Open>("1").is_err());
    }
}
