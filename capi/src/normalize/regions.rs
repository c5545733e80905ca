//! States of the USA and provinces of Canada: full English names and their two-letter codes.

/// States, the federal district and inhabited territories of the USA.
const US: &[(&str, &str)] = &[
    ("alabama", "al"),
    ("alaska", "ak"),
    ("arizona", "az"),
    ("arkansas", "ar"),
    ("california", "ca"),
    ("colorado", "co"),
    ("connecticut", "ct"),
    ("delaware", "de"),
    ("districtofcolumbia", "dc"),
    ("washingtondc", "dc"),
    ("florida", "fl"),
    ("georgia", "ga"),
    ("hawaii", "hi"),
    ("idaho", "id"),
    ("illinois", "il"),
    ("indiana", "in"),
    ("iowa", "ia"),
    ("kansas", "ks"),
    ("kentucky", "ky"),
    ("louisiana", "la"),
    ("maine", "me"),
    ("maryland", "md"),
    ("massachusetts", "ma"),
    ("michigan", "mi"),
    ("minnesota", "mn"),
    ("mississippi", "ms"),
    ("missouri", "mo"),
    ("montana", "mt"),
    ("nebraska", "ne"),
    ("nevada", "nv"),
    ("newhampshire", "nh"),
    ("newjersey", "nj"),
    ("newmexico", "nm"),
    ("newyork", "ny"),
    ("northcarolina", "nc"),
    ("northdakota", "nd"),
    ("ohio", "oh"),
    ("oklahoma", "ok"),
    ("oregon", "or"),
    ("pennsylvania", "pa"),
    ("rhodeisland", "ri"),
    ("southcarolina", "sc"),
    ("southdakota", "sd"),
    ("tennessee", "tn"),
    ("texas", "tx"),
    ("utah", "ut"),
    ("vermont", "vt"),
    ("virginia", "va"),
    ("washington", "wa"),
    ("westvirginia", "wv"),
    ("wisconsin", "wi"),
    ("wyoming", "wy"),
    ("americansamoa", "as"),
    ("guam", "gu"),
    ("northernmarianaislands", "mp"),
    ("puertorico", "pr"),
    ("usvirginislands", "vi"),
];

/// Provinces and territories of Canada.
const CANADA: &[(&str, &str)] = &[
    ("alberta", "ab"),
    ("britishcolumbia", "bc"),
    ("manitoba", "mb"),
    ("newbrunswick", "nb"),
    ("newfoundlandandlabrador", "nl"),
    ("northwestterritories", "nt"),
    ("novascotia", "ns"),
    ("nunavut", "nu"),
    ("ontario", "on"),
    ("princeedwardisland", "pe"),
    ("quebec", "qc"),
    ("québec", "qc"),
    ("saskatchewan", "sk"),
    ("yukon", "yt"),
];

/// The code of a full name, already in lower case without spaces and punctuation. Without a country both
/// lists are searched; they have no name in common.
pub(super) fn code(name: &str, country: Option<&str>) -> Option<&'static str> {
    let lists: &[&[(&str, &'static str)]] = match country {
        None => &[US, CANADA],
        Some("us") => &[US],
        Some("ca") => &[CANADA],
        Some(_) => &[],
    };
    lists.iter().copied().flatten().find(|(full, _)| *full == name).map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_map_inside_their_country() {
        assert_eq!((US.len(), CANADA.len()), (57, 14));
        assert_eq!(code("westvirginia", None), Some("wv"));
        assert_eq!(code("districtofcolumbia", Some("us")), Some("dc"));
        assert_eq!(code("ontario", Some("ca")), Some("on"));
        assert_eq!(code("ontario", Some("us")), None);
        assert_eq!(code("georgia", Some("de")), None);
        assert_eq!(code("ca", None), None);
    }
}
