import Evidence
import Foundation

extension ArchiveStorage {
    /// The objects of a directory. A name cannot leave it: names come from listings and from the format alone.
    static func directory(_ root: String) -> ArchiveStorage {
        ArchiveStorage(
            read: { name in
                guard let handle = FileHandle(forReadingAtPath: "\(root)/\(name)") else { return nil }
                defer { try? handle.close() }
                let data = try handle.read(upToCount: (1 << 25) + 1) ?? Data()
                guard data.count <= 1 << 25 else { throw CocoaError(.fileReadTooLarge) }
                return [UInt8](data)
            },
            names: { prefix in
                let folder = "\(root)/\(prefix)"
                guard FileManager.default.fileExists(atPath: folder) else { return [] }
                var names: [String] = []
                guard let files = FileManager.default.enumerator(atPath: folder) else {
                    throw CocoaError(.fileReadNoPermission)
                }
                for case let file as String in files
                where files.fileAttributes?[.type] as? FileAttributeType == .typeRegular {
                    names.append(prefix + file)
                }
                return names
            },
            segment: { name in
                let path = "\(root)/\(name)"
                guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
                let size = Int(try handle.seekToEnd())
                return SegmentSource(size: size) { range in
                    try handle.seek(toOffset: UInt64(range.lowerBound))
                    return [UInt8](try handle.read(upToCount: range.count) ?? Data())
                }
            })
    }
}
