//! Limited data use.

use sociogram_api_core::open_enum;

open_enum! {
    /// A way in which Meta may process an event (`data_processing_options`).
    pub enum ProcessingOption {
        /// Limited data use.
        LimitedDataUse = "LDU",
        /// Known from the tests of Meta's SDKs only; its meaning is not documented.
        Amo = "AMO",
    }
}

/// The number by which Meta calls the USA (`data_processing_options_country`).
pub const PROCESSING_COUNTRY_USA: i64 = 1;

macro_rules! states {
    ($($(#[$doc:meta])* $name:ident = $number:literal;)+) => {
        /// A state of the USA with a privacy law of its own, by Meta's number
        /// (`data_processing_options_state`).
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ProcessingState {
            $($(#[$doc])* $name,)+
        }

        impl ProcessingState {
            /// Every state this version knows.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Meta's number.
            pub const fn number(self) -> i64 {
                match self { $(Self::$name => $number,)+ }
            }

            /// The state with this number.
            pub const fn from_number(number: i64) -> Option<Self> {
                match number { $($number => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

states! {
    /// California.
    California = 1000;
    /// Colorado.
    Colorado = 1001;
    /// Connecticut.
    Connecticut = 1002;
    /// Florida.
    Florida = 1003;
    /// Oregon.
    Oregon = 1004;
    /// Texas.
    Texas = 1005;
    /// Montana.
    Montana = 1006;
    /// Delaware.
    Delaware = 1007;
    /// Nebraska.
    Nebraska = 1008;
    /// New Hampshire.
    NewHampshire = 1009;
    /// New Jersey.
    NewJersey = 1010;
    /// Minnesota.
    Minnesota = 1011;
    /// Maryland.
    Maryland = 1012;
    /// Rhode Island.
    RhodeIsland = 1013;
}

/// Limited data use (Meta: data processing options).
///
/// ```
/// use sociogram_capi::{DataProcessing, ProcessingState};
///
/// let in_california = DataProcessing::limited_in_state(ProcessingState::California);
/// assert_eq!(in_california, DataProcessing::limited_in(1, 1000));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataProcessing {
    pub(crate) options: Option<Vec<ProcessingOption>>,
    pub(crate) country: Option<i64>,
    pub(crate) state: Option<i64>,
}

impl DataProcessing {
    /// Limited data use; Meta finds out where the person is.
    pub fn limited() -> Self {
        Self::limited_in(0, 0)
    }

    /// Limited data use in a country and state, by Meta's numbers: country 1 is the USA, state 1000
    /// California, 0 lets Meta find out.
    pub fn limited_in(country: i64, state: i64) -> Self {
        Self {
            options: Some(vec![ProcessingOption::LimitedDataUse]),
            country: Some(country),
            state: Some(state),
        }
    }

    /// Limited data use in a state of the USA.
    pub fn limited_in_state(state: ProcessingState) -> Self {
        Self::limited_in(PROCESSING_COUNTRY_USA, state.number())
    }

    /// Says explicitly that there is no limit: an empty list is sent.
    pub fn unlimited() -> Self {
        Self { options: Some(Vec::new()), country: None, state: None }
    }

    /// Adds an option.
    pub fn option(mut self, option: ProcessingOption) -> Self {
        self.options.get_or_insert_default().push(option);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_states_are_read_back_and_follow_each_other() {
        for (state, number) in ProcessingState::ALL.iter().zip(1000..) {
            assert_eq!((state.number(), ProcessingState::from_number(number)), (number, Some(*state)));
        }
        assert_eq!(ProcessingState::from_number(1014), None);
        assert_eq!(ProcessingState::from_number(0), None);
    }

    #[test]
    fn options_add_up() {
        let both = DataProcessing::limited().option(ProcessingOption::Amo).options.unwrap();
        assert_eq!(both.iter().map(ProcessingOption::as_str).collect::<Vec<_>>(), ["LDU", "AMO"]);
        assert_eq!(DataProcessing::unlimited().options, Some(vec![]));
    }
}
