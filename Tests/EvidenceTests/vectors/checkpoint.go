// A second reader of the log's checkpoint: Go's own note and Merkle tree packages, which the module system uses.
// It is given the folder of an archive and the log's vkey, and says how many entries it found under the root.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	folder := os.Args[1]
	verifier, err := note.NewVerifier(os.Args[2])
	must(err)
	octets, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	must(err)
	signed, err := note.Open(octets, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(signed.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	bundle, err := os.ReadFile(filepath.Join(folder, fmt.Sprintf("tile/entries/000.p/%d", size)))
	must(err)
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, index := range indexes {
			found = append(found, hashes[index])
		}
		return found, nil
	})
	var entries [][]byte
	for len(bundle) > 0 {
		length := int(binary.BigEndian.Uint16(bundle))
		entry := bundle[2 : 2+length]
		bundle = bundle[2+length:]
		stored, err := tlog.StoredHashes(int64(len(entries)), entry, reader)
		must(err)
		hashes = append(hashes, stored...)
		entries = append(entries, entry)
	}
	root, err := tlog.TreeHash(int64(len(entries)), reader)
	must(err)
	if int64(len(entries)) != size || base64.StdEncoding.EncodeToString(root[:]) != lines[2] {
		fmt.Fprintln(os.Stderr, "the entries do not lead to the root")
		os.Exit(1)
	}
	for number, entry := range entries {
		proof, err := tlog.ProveRecord(size, int64(number), reader)
		must(err)
		must(tlog.CheckRecord(proof, size, root, int64(number), tlog.RecordHash(entry)))
	}
	fmt.Println(lines[0], len(entries))
}
