import { isUtf8 } from 'node:buffer';
import { isTypeName } from './extended-json-names';
import { JsonName, jsonName } from './json-sink';

/** Members of documents that are remembered; a document with names that are data could have any number. */
const MOST_MEMBERS = 20_000;

/** Which members of a document are shown: all of them, where there is no map. */
export type Shown = ReadonlyMap<string, Shown | undefined> | undefined;

/** Which members of a document are fields of the sort, or lead to one. */
export interface SortPlace {
  /** Place in the sort; undefined where it only leads to one. */
  readonly slot?: number;
  readonly within: ReadonlyMap<string, SortPlace>;
}

/** What is to be known of documents that are read in one way. */
export class DocumentShapes {
  private members = 0;
  private whole: DocumentShape;

  constructor(private readonly shown: Shown, private readonly sort: ReadonlyMap<string, SortPlace>) {
    this.whole = new DocumentShape(this, shown, sort);
  }

  /** Of a whole document. */
  get root(): DocumentShape {
    if (this.members > MOST_MEMBERS) this.forget();
    return this.whole;
  }

  /** Whether there is room for another member. */
  remember(): boolean {
    this.members += 1;
    return this.members <= MOST_MEMBERS;
  }

  private forget(): void {
    this.members = 0;
    this.whole = new DocumentShape(this, this.shown, this.sort);
  }
}

/**
 * What documents at one place have in common. Most documents have the same members in the same order: so a member is looked up by the one before
 * it, and what its name asks for is found out once.
 */
export class DocumentShape {
  /** Before the first member. */
  readonly start: MemberShape;

  constructor(readonly all: DocumentShapes, readonly shown: Shown, readonly sort: ReadonlyMap<string, SortPlace>) {
    this.start = new MemberShape(this, undefined, Buffer.alloc(0));
  }
}

const NOWHERE: ReadonlyMap<string, SortPlace> = new Map();

/** A member of documents, after certain other members. */
export class MemberShape implements JsonName {
  readonly key: string;
  readonly text: Uint8Array;
  /** Whether readers of Extended JSON would take the document for another value, or nobody can read the name. */
  readonly isUncarried: boolean;
  /** Whether a member before it has the same name. */
  readonly isRepeated: boolean;
  /** Whether it is a field of the sort, or leads to one. */
  readonly isSorted: boolean;
  /** Place in the sort; -1 for none. */
  readonly slot: number;
  /** Whether it is shown with all that is in it. */
  readonly isShown: boolean;
  /** Whether a part of it is shown, where it has parts. */
  readonly isPartlyShown: boolean;
  private readonly shown: Shown;
  private readonly sort: ReadonlyMap<string, SortPlace>;
  private readonly following: MemberShape[] = [];
  /** Names up to this one, in the last member of a list that is growing. */
  private names: Set<string> | undefined;
  private document: DocumentShape | undefined;
  private list: DocumentShape | undefined;

  /** @param name the bytes of its name, with the zero after them */
  constructor(private readonly owner: DocumentShape, private readonly before: MemberShape | undefined, private readonly name: Uint8Array) {
    const bytes = name.subarray(0, -1);
    const key = Buffer.from(bytes).toString();
    const names = before === undefined ? new Set<string>() : before.takeNames();
    this.isRepeated = names.has(keyOf(name));
    this.names = names.add(keyOf(name));
    this.key = key;
    this.text = jsonName(key);
    this.isUncarried = before !== undefined && (isTypeName(key) || !isUtf8(bytes));
    this.isShown = owner.shown === undefined || (owner.shown.has(key) && owner.shown.get(key) === undefined);
    this.isPartlyShown = !this.isShown && owner.shown?.has(key) === true;
    this.shown = owner.shown?.get(key);
    const place = before === undefined ? undefined : owner.sort.get(key);
    this.isSorted = place !== undefined;
    this.slot = place?.slot ?? -1;
    this.sort = place?.within ?? NOWHERE;
  }

  /** Bytes of its name with the zero after them. */
  get nameBytes(): number {
    return this.name.length;
  }

  /** Of documents that are its value. */
  get ofDocument(): DocumentShape {
    this.document ??= new DocumentShape(this.owner.all, this.shown, this.sort);
    return this.document;
  }

  /** Of documents in lists that are its value: no field of the sort is there. */
  get ofList(): DocumentShape {
    this.list ??= new DocumentShape(this.owner.all, this.shown, NOWHERE);
    return this.list;
  }

  /**
   * The member that follows; undefined where no name ends within the document.
   *
   * @param at where its name begins
   */
  next(source: Uint8Array, at: number, end: number): MemberShape | undefined {
    const { following } = this;
    if (following.length > 0 && following[0].isAt(source, at)) return following[0];
    return this.otherNext(source, at, end);
  }

  private otherNext(source: Uint8Array, at: number, end: number): MemberShape | undefined {
    const { following } = this;
    const index = following.findIndex((each) => each.isAt(source, at));
    if (index > 0) {
      const found = following[index];
      following[index] = following[0];
      following[0] = found;
      return found;
    }
    const zero = source.indexOf(0, at);
    if (zero < 0 || zero >= end) return undefined;
    const made = new MemberShape(this.owner, this, new Uint8Array(source.subarray(at, zero + 1)));
    if (this.owner.all.remember()) {
      following.unshift(made);
      // Where names are data, they are all different.
      if (following.length > MOST_FOLLOWING) following.pop();
    }
    return made;
  }

  private isAt(source: Uint8Array, at: number): boolean {
    const { name } = this;
    for (let index = 0; index < name.length; index++) if (name[index] !== source[at + index]) return false;
    return true;
  }

  private takeNames(): Set<string> {
    const names = this.names ?? new Set<string>();
    if (this.names === undefined) {
      for (let member: MemberShape | undefined = this; member !== undefined; member = member.before) names.add(keyOf(member.name));
    }
    this.names = undefined;
    return names;
  }
}

const MOST_FOLLOWING = 16;

function keyOf(name: Uint8Array): string {
  return Buffer.from(name).toString('latin1');
}
