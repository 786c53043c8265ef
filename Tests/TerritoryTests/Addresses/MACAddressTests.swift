import Testing

@testable import Territory

struct MACAddressTests {
    @Test(arguments: [
        "02:00:5e:00:00:01", "02:00:5E:00:00:01", "02-00-5e-00-00-01", "02-00-5E-00-00-01", "0200.5e00.0001",
        "0200.5E00.0001", "02005e000001", "02005E000001", "02005e-000001", "02005E-000001",
    ])
    func `reads every spelling of one address`(_ text: String) throws {
        let address = try #require(MACAddress(text))
        #expect(address.description == "02:00:5e:00:00:01")
        #expect(address.bytes == [2, 0, 0x5e, 0, 0, 1])
    }

    @Test(arguments: [
        "", "02:00:5e:00:00", "02:00:5e:00:00:01:02", "02:00-5e:00-00:01", "02:00:5e:00:00:0g", "02005e00000",
        "02005e0000011", "02005e:000001", "02005-e000001", "02005e-00000g", "0200:5e00:0001", "02.00.5e.00.00.01",
        "  :  :  :  :  :  ", "02:00:5e:00:00:é",
    ])
    func `refuses what is not an address`(_ text: String) {
        #expect(MACAddress(text) == nil)
    }

    @Test func `writes each spelling`() throws {
        let address = try #require(MACAddress("02:00:5e:ab:cd:ef"))
        #expect(
            MACAddress.Spelling.allCases.map { address.formatted($0) } == [
                "02:00:5e:ab:cd:ef", "02:00:5E:AB:CD:EF", "02-00-5e-ab-cd-ef", "02-00-5E-AB-CD-EF", "0200.5eab.cdef",
                "02005eabcdef", "02005EABCDEF",
            ])
        for spelling in MACAddress.Spelling.allCases { #expect(MACAddress(address.formatted(spelling)) == address) }
    }

    @Test func `tells a random address from a bought one`() throws {
        #expect(try #require(MACAddress("02:00:5e:00:00:01")).isLocallyAdministered)
        #expect(try #require(MACAddress("da:a1:19:00:00:01")).isLocallyAdministered)
        #expect(try !#require(MACAddress("00:11:22:33:44:55")).isLocallyAdministered)
        #expect(try #require(MACAddress("01:00:5e:00:00:01")).isMulticast)
    }

    @Test func `holds 48 bits and no more`() {
        #expect(MACAddress(rawValue: 0xFFFF_FFFF_FFFF)?.description == "ff:ff:ff:ff:ff:ff")
        #expect(MACAddress(rawValue: 0x1_0000_0000_0000) == nil)
        #expect(MACAddress(bytes: [1, 2, 3, 4, 5]) == nil)
        #expect(MACAddress(bytes: [1, 2, 3, 4, 5, 6]) == MACAddress("010203040506"))
    }

    @Test func `reads bytes without a string`() {
        Array("02-00-5E-00-00-01".utf8).withUnsafeBytes { #expect(MACAddress(ascii: $0)?.rawValue == 0x0200_5E00_0001) }
        [UInt8]().withUnsafeBytes { #expect(MACAddress(ascii: $0) == nil) }
    }
}
