import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Where this set of tables stands. One row, made by the migration. */
@Entity('checkpoint')
export class CheckpointEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'checkpoint_key' })
  name: string;

  @Column('bigint')
  sequence: string;

  /** The log that it was folded from; null before the first event. */
  @Column('text', { nullable: true })
  incarnation: string | null;

  /** Another one for each set of tables. */
  @Column('text')
  generation: string;

  @Column('integer')
  version: number;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
