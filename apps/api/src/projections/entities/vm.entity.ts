import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A VM row: the document, and beside it what lists and sums select by. */
@Entity('vm')
export class VmEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'vm_key' })
  id: string;

  @Column('bigint')
  sequence: string;

  @Column('bigint', { name: 'accepted_sequence' })
  acceptedSequence: string;

  @Index('vm_phase')
  @Column('text')
  phase: string;

  @Index('vm_node')
  @Column('text', { name: 'node_id', nullable: true })
  nodeId: string | null;

  @Index('vm_external')
  @Column('text', { name: 'external_id', nullable: true })
  externalId: string | null;

  /** Whether it takes room on its node. */
  @Column('boolean')
  occupies: boolean;

  @Column('integer')
  cpu: number;

  @Column('integer', { name: 'memory_mib' })
  memoryMiB: number;

  @Column('json')
  doc: unknown;
}
