"""Prints the reference values of BucketMapTest: MurmurHash3 x64 128, written out from its public description.

Run: python3 scripts/reference/split_hash.py
"""

MASK = (1 << 64) - 1
C1, C2 = 0x87C37B91114253D5, 0x4CF5AD432745937F


def rotl(x, r):
    return ((x << r) | (x >> (64 - r))) & MASK


def fmix(k):
    k = ((k ^ (k >> 33)) * 0xFF51AFD7ED558CCD) & MASK
    k = ((k ^ (k >> 33)) * 0xC4CEB9FE1A85EC53) & MASK
    return k ^ (k >> 33)


def mix1(k):
    return (rotl((k * C1) & MASK, 31) * C2) & MASK


def mix2(k):
    return (rotl((k * C2) & MASK, 33) * C1) & MASK


def murmur3_x64_128_first(data: bytes) -> int:
    h1 = h2 = 0
    whole = len(data) // 16 * 16
    for i in range(0, whole, 16):
        h1 ^= mix1(int.from_bytes(data[i : i + 8], "little"))
        h1 = ((rotl(h1, 27) + h2) * 5 + 0x52DCE729) & MASK
        h2 ^= mix2(int.from_bytes(data[i + 8 : i + 16], "little"))
        h2 = ((rotl(h2, 31) + h1) * 5 + 0x38495AB5) & MASK
    tail = data[whole:]
    h2 ^= mix2(int.from_bytes(tail[8:], "little"))
    h1 ^= mix1(int.from_bytes(tail[:8], "little"))
    h1 ^= len(data)
    h2 ^= len(data)
    h1 = (h1 + h2) & MASK
    h2 = (h2 + h1) & MASK
    h1, h2 = fmix(h1), fmix(h2)
    return (h1 + h2) & MASK


def key_hash(salt: str, key: str) -> int:
    return murmur3_x64_128_first(salt.encode() + b"\0" + key.encode())


if __name__ == "__main__":
    for salt, key in [("salt", "key"), ("sparktune", "ein längerer Schlüssel 😀")]:
        h = key_hash(salt, key)
        print(salt, key, f"{h:#018x}", "signed", h - (1 << 64) if h >> 63 else h, "bucket of 14 bits", h >> 50)
