//! Laws of what comes in and goes out.

use exchange::book::{read, write};
use proptest::prelude::*;
use refbook_tests::any;

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_back_equal(records in any::records()) {
        let reading = read(write(&records).as_bytes(), None);
        prop_assert_eq!(reading.problems, vec![]);
        prop_assert_eq!(reading.offer.records, records);
    }

    #[test]
    fn no_bytes_make_the_reader_fail(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let reading = read(&bytes, None);
        prop_assert!(!reading.problems.is_empty());
    }

    /// A file cut short, or with one byte changed, is refused with a place, or is another valid file.
    #[test]
    fn a_damaged_file_is_told_where(records in any::records(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = write(&records).into_bytes();
        // Without its last byte, which ends the line, a file is still whole.
        let at = at.index(bytes.len() - 1);
        bytes[at] = byte;
        prop_assert!(read(&bytes, None).problems.iter().all(|problem| !problem.at.is_empty() && !problem.message.is_empty()));
        bytes.truncate(at);
        prop_assert!(!read(&bytes, None).problems.is_empty());
    }
}
