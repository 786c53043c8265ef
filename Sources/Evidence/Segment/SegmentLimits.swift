/// The bounds of the format. A writer keeps them and a reader refuses what exceeds them, before it allocates.
public enum SegmentLimits {
    /// Records of a segment.
    public static let records = 1 << 22
    /// Records of a block.
    public static let blockRecords = 1 << 16
    /// Parts of a segment: blocks, pages of the dictionary, the index.
    public static let parts = 1 << 16
    /// Octets of the header.
    public static let header = 1 << 16
    /// Octets of a part once it is expanded.
    public static let part = 1 << 26
    /// Octets of one octet string.
    public static let text = 65_535
    /// Octets of all distinct octet strings of a builder.
    public static let texts = 1 << 28
    /// Entries of a page of the dictionary.
    public static let page = 4096
    /// Wrapped keys of a segment.
    public static let wrappedKeys = 32
    /// Octets of a segment.
    public static let segment = 1 << 31

    /// Records of a block, unless their octet strings are long. Twice as many save no octets and double what a question
    /// costs.
    static let usualBlock = 4096
    /// Octets of octet strings after which a block is full.
    static let usualBlockText = 1 << 22
}
