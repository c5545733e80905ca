//! The app and device of an `app` event.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use sociogram_api_core::Finding;

use crate::members::put;

/// How many positions `extinfo` has.
pub(crate) const EXTINFO_LEN: usize = 16;

/// The app of an event with action source `app` (Conversions API: app data parameters).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppData {
    pub(crate) advertiser_tracking_enabled: Option<bool>,
    pub(crate) application_tracking_enabled: Option<bool>,
    pub(crate) campaign_ids: Option<String>,
    pub(crate) consider_views: Option<bool>,
    pub(crate) extinfo: Option<ExtInfo>,
    pub(crate) include_dwell_data: Option<bool>,
    pub(crate) include_video_data: Option<bool>,
    pub(crate) install_referrer: Option<String>,
    pub(crate) installer_package: Option<String>,
    pub(crate) receipt_data: Option<String>,
    pub(crate) url_schemes: Option<Vec<String>>,
    pub(crate) vendor_id: Option<String>,
    pub(crate) windows_attribution_id: Option<String>,
}

impl AppData {
    /// The three members every app event must have: whether the person allowed tracking on the device,
    /// whether they allowed it in the app, and the device.
    pub fn new(
        advertiser_tracking_enabled: bool,
        application_tracking_enabled: bool,
        device: ExtInfo,
    ) -> Self {
        Self {
            advertiser_tracking_enabled: Some(advertiser_tracking_enabled),
            application_tracking_enabled: Some(application_tracking_enabled),
            extinfo: Some(device),
            ..Self::default()
        }
    }

    /// Sets the campaign ids of the install.
    pub fn campaign_ids(mut self, ids: impl Into<String>) -> Self {
        self.campaign_ids = Some(ids.into());
        self
    }

    /// Sets whether views count for the install.
    pub fn consider_views(mut self, consider: bool) -> Self {
        self.consider_views = Some(consider);
        self
    }

    /// Sets whether dwell data is included.
    pub fn include_dwell_data(mut self, include: bool) -> Self {
        self.include_dwell_data = Some(include);
        self
    }

    /// Sets whether video data is included.
    pub fn include_video_data(mut self, include: bool) -> Self {
        self.include_video_data = Some(include);
        self
    }

    /// Sets the install referrer of Android.
    pub fn install_referrer(mut self, referrer: impl Into<String>) -> Self {
        self.install_referrer = Some(referrer.into());
        self
    }

    /// Sets the package that installed the app (Android).
    pub fn installer_package(mut self, package: impl Into<String>) -> Self {
        self.installer_package = Some(package.into());
        self
    }

    /// Sets the receipt of the purchase (iOS).
    pub fn receipt_data(mut self, receipt: impl Into<String>) -> Self {
        self.receipt_data = Some(receipt.into());
        self
    }

    /// Adds a URL scheme of the app.
    pub fn url_scheme(mut self, scheme: impl Into<String>) -> Self {
        self.url_schemes.get_or_insert_default().push(scheme.into());
        self
    }

    /// Sets the vendor id (iOS).
    pub fn vendor_id(mut self, id: impl Into<String>) -> Self {
        self.vendor_id = Some(id.into());
        self
    }

    /// Sets the attribution id of Windows.
    pub fn windows_attribution_id(mut self, id: impl Into<String>) -> Self {
        self.windows_attribution_id = Some(id.into());
        self
    }

    /// What an app event is missing.
    pub(crate) fn check(&self, findings: &mut Vec<Finding>) {
        let mut missing = |present: bool, field: &'static str| {
            if !present {
                findings.push(
                    Finding::error("capi.app_data", field, "missing")
                        .advice("an app event must say it: true or false"),
                );
            }
        };
        missing(self.advertiser_tracking_enabled.is_some(), "app_data.advertiser_tracking_enabled");
        missing(self.application_tracking_enabled.is_some(), "app_data.application_tracking_enabled");
        let Some(device) = &self.extinfo else {
            findings.push(
                Finding::error("capi.extinfo", "app_data.extinfo", "missing")
                    .advice("give the device: at least platform and OS version"),
            );
            return;
        };
        if !matches!(device.0.first().map(String::as_str), Some("a2" | "i2")) {
            findings.push(
                Finding::error("capi.extinfo", "app_data.extinfo[0]", "not a platform")
                    .allowed("a2 (Android) or i2 (iOS)"),
            );
        }
        if device.0.get(4).is_none_or(String::is_empty) {
            findings.push(Finding::error("capi.extinfo", "app_data.extinfo[4]", "the OS version is missing"));
        }
    }
}

impl Serialize for AppData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        put(&mut map, "advertiser_tracking_enabled", self.advertiser_tracking_enabled.map(u8::from))?;
        put(&mut map, "application_tracking_enabled", self.application_tracking_enabled.map(u8::from))?;
        put(&mut map, "campaign_ids", self.campaign_ids.as_ref())?;
        put(&mut map, "consider_views", self.consider_views)?;
        put(&mut map, "extinfo", self.extinfo.as_ref().map(|device| &device.0))?;
        put(&mut map, "include_dwell_data", self.include_dwell_data)?;
        put(&mut map, "include_video_data", self.include_video_data)?;
        put(&mut map, "install_referrer", self.install_referrer.as_ref())?;
        put(&mut map, "installer_package", self.installer_package.as_ref())?;
        put(&mut map, "receipt_data", self.receipt_data.as_ref())?;
        put(&mut map, "url_schemes", self.url_schemes.as_ref())?;
        put(&mut map, "vendor_id", self.vendor_id.as_ref())?;
        put(&mut map, "windows_attribution_id", self.windows_attribution_id.as_ref())?;
        map.end()
    }
}

/// The device of an app event: 16 texts in a fixed order, of which platform and OS version are required.
/// What is not set is sent as empty text.
///
/// ```
/// use sociogram_capi::{AppData, ExtInfo};
///
/// let device = ExtInfo::android("14").device_model("Pixel 8").locale("de_DE").screen(1080, 2400);
/// let app = AppData::new(true, true, device);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtInfo(pub(crate) [String; EXTINFO_LEN]);

macro_rules! positions {
    ($($(#[$doc:meta])* $name:ident = $at:literal;)+) => {$(
        $(#[$doc])*
        pub fn $name(mut self, text: impl Into<String>) -> Self {
            if let Some(slot) = self.0.get_mut($at) {
                *slot = text.into();
            }
            self
        }
    )+};
}

impl ExtInfo {
    /// An Android device with this OS version.
    pub fn android(os_version: impl Into<String>) -> Self {
        Self::platform("a2", os_version.into())
    }

    /// An iOS device with this OS version.
    pub fn ios(os_version: impl Into<String>) -> Self {
        Self::platform("i2", os_version.into())
    }

    fn platform(platform: &str, os_version: String) -> Self {
        let mut out = Self(Default::default());
        let [first, _, _, _, version, ..] = &mut out.0;
        platform.clone_into(first);
        *version = os_version;
        out
    }

    positions! {
        /// Sets the package name or bundle id of the app.
        app_id = 1;
        /// Sets the short version of the app.
        short_version = 2;
        /// Sets the long version of the app.
        long_version = 3;
        /// Sets the device model.
        device_model = 5;
        /// Sets the locale, such as `en_US`.
        locale = 6;
        /// Sets the abbreviation of the time zone, such as `CET`.
        timezone_abbreviation = 7;
        /// Sets the mobile carrier.
        carrier = 8;
        /// Sets the density of the screen.
        density = 11;
        /// Sets the number of CPU cores.
        cpu_cores = 12;
        /// Sets the whole storage in GB.
        total_storage_gb = 13;
        /// Sets the free storage in GB.
        free_storage_gb = 14;
        /// Sets the time zone, such as `Europe/Berlin`.
        timezone = 15;
    }

    /// Sets the size of the screen in pixels.
    pub fn screen(mut self, width: u32, height: u32) -> Self {
        let [_, _, _, _, _, _, _, _, _, wide, high, ..] = &mut self.0;
        *wide = width.to_string();
        *high = height.to_string();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_16_positions_are_texts() {
        let device = ExtInfo::ios("17.5").screen(1170, 2532).timezone("Europe/Berlin");
        let written = serde_json::to_string(&AppData::new(true, false, device)).unwrap();
        assert_eq!(
            written,
            concat!(
                r#"{"advertiser_tracking_enabled":1,"application_tracking_enabled":0,"#,
                r#""extinfo":["i2","","","","17.5","","","","","1170","2532","","","","","Europe/Berlin"]}"#
            )
        );
    }

    #[test]
    fn missing_members_are_named() {
        let fields = |data: &AppData| {
            let mut findings = Vec::new();
            data.check(&mut findings);
            findings.iter().map(|finding| finding.field().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(
            fields(&AppData::default()),
            [
                "app_data.advertiser_tracking_enabled",
                "app_data.application_tracking_enabled",
                "app_data.extinfo"
            ]
        );
        let blank = ExtInfo(Default::default());
        assert_eq!(fields(&AppData::new(true, true, blank)), ["app_data.extinfo[0]", "app_data.extinfo[4]"]);
        assert_eq!(fields(&AppData::new(true, true, ExtInfo::android("14"))), [""; 0]);
    }
}
