/// How a block holds one column; the octet after the column's length. Numbers are little-endian. A *plane* holds one
/// octet of every value: first the least significant octets of all, then the next (addresses: network order).
enum ColumnEncoding: UInt8 {
    /// 8 octets: every value is this one.
    case constant = 0
    /// 8 octets of base and 1 of width: planes of value − base.
    case planes = 1
    /// 8 octets of base and 1 of width: planes of the zigzag difference to the value before, the first to the base.
    case differences = 2
    /// 4 octets of count, 8 octets for each entry, 1 of width: planes of entry numbers.
    case numbers = 3
    /// 2 octets of mask, 16 of the first address: planes of the octets whose bit in the mask is set.
    case addresses = 4
    /// 4 octets of count, for each entry 2 of length and the octets, 1 of width: planes of entry numbers.
    case texts = 5
    /// 1 octet of width: planes of numbers of the segment's dictionary.
    case dictionary = 6
}
