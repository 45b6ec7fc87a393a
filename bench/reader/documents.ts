import { Document, Double, Int32, ObjectId } from 'mongodb';

/** Documents that are read in each run, and how they are made. */
export interface Kind {
  readonly name: string;
  readonly count: number;
  readonly document: (number: number) => Document;
}

export const KINDS: readonly Kind[] = [
  { name: '100 bytes', count: 40_000, document: small },
  { name: '1 KB', count: 8_000, document: (number) => order(number, 2, 300) },
  { name: '16 KB', count: 800, document: (number) => order(number, 71, 3_000) },
];

const WORDS = 'order shipped customer invoice total berlin paris münchen account pending silver golden quick express standard street'.split(' ');

/** The same for the same number. */
function words(number: number, characters: number): string {
  let joined = '';
  for (let index = number; joined.length < characters; index = (index * 31 + 17) % 1_000_003) joined += `${WORDS[index % WORDS.length]} `;
  return joined.slice(0, characters);
}

function moment(number: number): Date {
  return new Date(Date.UTC(2026, 0, 1) + number * 61_003);
}

function price(number: number): Double {
  return new Double(((number * 7_919) % 100_000) / 100);
}

function small(number: number): Document {
  return {
    _id: new ObjectId(),
    updatedAt: moment(number),
    state: words(number, 8),
    count: new Int32(number),
    price: price(number),
    city: words(number + 1, 10),
  };
}

function order(number: number, lines: number, note: number): Document {
  return {
    ...small(number),
    customer: {
      id: new ObjectId(),
      name: words(number, 14),
      email: `customer${number}@example.com`,
      address: {
        street: words(number + 2, 20),
        city: words(number + 3, 8),
        zip: '10115',
        latitude: new Double(52.5 + number / 77_777),
        longitude: new Double(13.4 + number / 99_991),
      },
    },
    isActive: number % 2 === 0,
    parent: null,
    note: words(number, note),
    lines: Array.from({ length: lines }, (_, index) => ({
      sku: `SKU-${number}-${index}`,
      name: words(number + index, 30),
      quantity: new Int32(index % 10),
      price: price(number + index),
      tags: [words(index, 7), words(index + 1, 6)],
      addedAt: moment(number + index),
    })),
  };
}
