export class ObjectStorage {}
