//! Whether options, country and state of limited data use fit together.

use sociogram_api_core::Finding;

use crate::data_processing::{DataProcessing, PROCESSING_COUNTRY_USA, ProcessingOption, ProcessingState};

const RULE: &str = "capi.data_processing";
const OPTIONS: &str = "data_processing_options";
const COUNTRY: &str = "data_processing_options_country";
const STATE: &str = "data_processing_options_state";

/// Only warnings: what Meta does with such events is not documented, and its lists grow.
pub(super) fn check(processing: &DataProcessing, findings: &mut Vec<Finding>) {
    let options = processing.options.as_deref().unwrap_or_default();
    if options.iter().any(|option| matches!(option, ProcessingOption::Unknown(_))) {
        findings.push(
            Finding::warning(RULE, OPTIONS, "not an option this version knows")
                .allowed("LDU")
                .advice("check its spelling, capitals included"),
        );
    }
    let (country, state) = (processing.country, processing.state);
    if options.is_empty() {
        if country.is_some_and(|number| number != 0) || state.is_some_and(|number| number != 0) {
            findings.push(
                Finding::warning(RULE, OPTIONS, "a country or state without an option limits nothing")
                    .advice("add LDU, or leave country and state out"),
            );
        }
        return;
    }
    if options.contains(&ProcessingOption::LimitedDataUse) && country.is_none() {
        findings.push(
            Finding::warning(RULE, COUNTRY, "limited data use needs a country")
                .advice("set country and state to 0 to let Meta find out, or to the place of the person"),
        );
    }
    if country.is_some_and(|number| !matches!(number, 0 | PROCESSING_COUNTRY_USA)) {
        findings.push(
            Finding::warning(RULE, COUNTRY, "not a country this version knows")
                .allowed("0 (Meta finds out) or 1 (USA)"),
        );
    }
    let Some(state) = state.filter(|number| *number != 0) else { return };
    if ProcessingState::from_number(state).is_none() {
        findings.push(
            Finding::warning(RULE, STATE, "not a state this version knows")
                .allowed("0 (Meta finds out), or 1000 (California) to 1013 (Rhode Island)"),
        );
    } else if country != Some(PROCESSING_COUNTRY_USA) {
        findings.push(
            Finding::warning(RULE, COUNTRY, "the state is one of the USA")
                .allowed(PROCESSING_COUNTRY_USA)
                .advice("set the country to 1, or the state to 0"),
        );
    }
}
