import Foundation
import Testing

@testable import Territory

struct RightsTests {
    @Test func `writes stable names in JSON, sorted`() throws {
        let rights = Rights(
            sessionSeconds: 60, idleSeconds: 61, interimSeconds: 62, dailyOctets: 63, dailySeconds: 64,
            weeklyOctets: 68, weeklySeconds: 69, monthlyOctets: 70, monthlySeconds: 71, whenExhausted: .throttle,
            throttleDownBitsPerSecond: 72, throttleUpBitsPerSecond: 73, rateDownBitsPerSecond: 65,
            rateUpBitsPerSecond: 66, devices: 67, openingHours: try OpeningHours("24/7"))
        #expect(
            rights.json
                == #"{"daily_octets":63,"daily_seconds":64,"devices":67,"idle_seconds":61,"interim_seconds":62,"#
                + #""monthly_octets":70,"monthly_seconds":71,"#
                + #""opening_hours":"24/7","rate_down_bits_per_second":65,"rate_up_bits_per_second":66,"session_seconds":60,"#
                + #""throttle_down_bits_per_second":72,"throttle_up_bits_per_second":73,"weekly_octets":68,"#
                + #""weekly_seconds":69,"when_exhausted":"throttle"}"#
        )
        #expect(try Rights(json: rights.json) == rights)
        #expect(Rights().json == "{}")
    }

    @Test func `a missing key inherits, null lifts and a value replaces`() throws {
        let base = Rights(sessionSeconds: 3_600, dailyOctets: 1_000, devices: 2)
        let override = try RightsOverride(json: #"{"daily_octets":null,"devices":5,"rate_up_bits_per_second":9}"#)
        #expect(
            base.merging(override)
                == Rights(sessionSeconds: 3_600, dailyOctets: nil, rateUpBitsPerSecond: 9, devices: 5))
        #expect(try RightsOverride(json: override.json) == override)
        #expect(base.merging(nil) == base)
        #expect(try RightsOverride(json: "{}").isEmpty)
    }

    @Test func `ignores keys of newer code and refuses wrong types without quoting the value`() throws {
        #expect(try RightsOverride(json: #"{"future":1}"#).isEmpty)
        let error = #expect(throws: TerritoryError.self) { try RightsOverride(json: #"{"devices":"secret"}"#) }
        #expect(error?.code == .malformedDocument)
        #expect(error?.context.contains("devices") == true)
        #expect(error?.description.contains("secret") == false)
        #expect(throws: TerritoryError(.malformedDocument)) { try Rights(json: "not json") }
    }

    @Test func `every key of the rights can be lifted and replaced by an override`() throws {
        for key in Rights.CodingKeys.allCases {
            let value =
                switch key {
                case .openingHours: #""24/7""#
                case .whenExhausted: #""throttle""#
                default: "100"
                }
            let limited = try Rights(json: #"{"\#(key.rawValue)":\#(value)}"#)
            let lifting = try RightsOverride(json: #"{"\#(key.rawValue)":null}"#)
            let replacing = try RightsOverride(json: #"{"\#(key.rawValue)":\#(value)}"#)
            #expect(limited != Rights() && limited.merging(lifting) == Rights(), "\(key)")
            #expect(Rights().merging(replacing) == limited, "\(key)")
            for override in [lifting, replacing] { #expect(try RightsOverride(json: override.json) == override) }
        }
    }

    @Test func `sums usage without overflow`() {
        let most = Usage(seconds: .max, inputOctets: .max, outputOctets: 1)
        #expect((most + most) == Usage(seconds: .max, inputOctets: .max, outputOctets: 2))
        #expect(most.octets == .max)
    }
}
